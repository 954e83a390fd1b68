// Pictures of schedules, as many as a table asks for and all from the same noise, and what every metric says of them: of
// the set against real pictures, and of single ones against the dense model's.

import type { Tensor } from "../../../core/tensor.ts";
import type { RoutedSchedule, SampleGrid, SearchRequest } from "../../../engine/api.ts";
import { decodedBatches } from "../../../engine/decoded.ts";
import { describePictures } from "../../../engine/describe.ts";
import { classifierOf, readings } from "../../../engine/readings.ts";
import { reportScores } from "../../../engine/report-scores.ts";
import { readStatistics } from "../../../engine/statistics-file.ts";
import type { FeatureStatistics } from "../../../metrics/parts/feature-statistics.ts";
import { readModelFile } from "../../environment.ts";
import { shippedStatistics } from "../../pictures/shipped-statistics.ts";
import type { Measured } from "./row.ts";
import type { TableTools } from "./tools.ts";

/** Sampled at a time: batches beyond 16 gain nothing on a processor. */
const BATCH = 16;

type Sampling = Pick<SearchRequest, "steps" | "guidance" | "sampler" | "seed">;

interface Drawn {
  /** [N, C, h, w] */
  readonly latents: Tensor;
  readonly labels: Int32Array;
  /** Of the first batch. */
  readonly grid: SampleGrid;
}

export interface Judged extends Pick<Measured, "levels" | "macs" | "denseMacs" | "sparsity" | "values"> {
  /** The first picture of each class. */
  readonly strip: Pick<SampleGrid, "pixels" | "side">;
}

export class Gallery {
  readonly #tools: TableTools;
  /** The dense model's, by how they were sampled. */
  readonly #drawn = new Map<string, Drawn>();
  #real: Promise<FeatureStatistics | undefined> | undefined;

  constructor(tools: TableTools) {
    this.#tools = tools;
  }

  /**
   * Compared with what the dense model draws by its own solver, steps and guidance, whatever `sampling` says.
   * @throws missing-data when the model has no classifier or no decoder
   */
  async judge(schedule: RoutedSchedule | undefined, sampling: Sampling, count: number): Promise<Judged> {
    const { runtime, model, card } = this.#tools;
    const network = classifierOf(model);
    const own = {
      steps: card.defaults.steps,
      guidance: card.defaults.guidance,
      sampler: { id: card.samplers[0] as string },
    };
    const reference = await this.#dense({ ...own, seed: sampling.seed }, count);
    const { latents, labels, grid } = schedule
      ? await this.#draw(schedule, sampling, count)
      : await this.#dense(sampling, count);
    const set = await describePictures(runtime, network, decodedBatches(runtime, model, latents, labels));
    this.#real ??= this.#realPictures();
    const whole = Object.entries(readings(set, await this.#real)).flatMap(([id, reading]) =>
      "value" in reading ? [[id, reading.value] as const] : [],
    );
    const single = Object.entries(await reportScores(runtime, model, latents, reference.latents));
    const { macs, denseMacs, sparsity } = grid.cost;
    return {
      levels: grid.timed.map(({ level }) => level),
      macs,
      denseMacs,
      sparsity,
      values: Object.fromEntries([...whole, ...single]),
      strip: { pixels: grid.pixels.slice(0, card.classes.length), side: grid.side },
    };
  }

  /** Drawn once. */
  async #dense({ steps, guidance, sampler, seed }: Sampling, count: number): Promise<Drawn> {
    const key = JSON.stringify([steps, guidance, sampler, seed, count]);
    const drawn = this.#drawn.get(key) ?? (await this.#draw(undefined, { steps, guidance, sampler, seed }, count));
    this.#drawn.set(key, drawn);
    return drawn;
  }

  /** Classes come in turn. */
  async #draw(schedule: RoutedSchedule | undefined, sampling: Sampling, count: number): Promise<Drawn> {
    const { engine, card } = this.#tools;
    const { steps, guidance, sampler, seed } = sampling;
    const labels = Int32Array.from({ length: count }, (_, index) => index % card.spec.numClasses);
    const { channels, height, width } = card.spec.latent;
    const size = channels * height * width;
    const data = new Float32Array(count * size);
    let grid: SampleGrid | undefined;
    for (let first = 0; first < count; first += BATCH) {
      const part = [...labels.subarray(first, first + BATCH)];
      const request = { schedule, steps, guidance, sampler, seed, labels: part, first };
      const drawn = await engine.sample(request, () => {}, this.#tools.signal);
      data.set(drawn.latents.data, first * size);
      grid ??= drawn;
    }
    return { latents: { shape: [count, channels, height, width], data }, labels, grid: grid as SampleGrid };
  }

  async #realPictures(): Promise<FeatureStatistics | undefined> {
    const { flags, model } = this.#tools;
    const path = await shippedStatistics(flags.text("model"));
    return path === undefined ? undefined : readStatistics(path, await readModelFile(path), classifierOf(model));
  }
}
