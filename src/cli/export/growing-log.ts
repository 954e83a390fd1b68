// What a search leaves beside its result while it runs: the authors' log and what it was asked for, written anew after
// every generation. So a viewer can watch the folder, and an interrupted search can be looked at.

import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stepsPerStage } from "../../core/timeline.ts";
import type { ModelCard, SearchEvent, SearchRequest, SearchSummary } from "../../engine/api.ts";
import { type LoggedGeneration, writeEvolution } from "../../formats/exchange/evolution.ts";
import { EVOLUTION, META } from "../../formats/exchange/files.ts";
import { type Meta, writeMeta } from "../../formats/exchange/meta.ts";
import { pruners } from "../../pruners/index.ts";
import { searchSettings } from "./run-files.ts";

export class GrowingLog {
  readonly #out: string;
  readonly #request: SearchRequest;
  readonly #card: ModelCard;
  readonly #generations: LoggedGeneration[] = [];
  #space: SearchSummary | undefined;
  /** Writing takes turns; events do not wait for it. */
  #written: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(out: string, request: SearchRequest, card: ModelCard) {
    this.#out = out;
    this.#request = request;
    this.#card = card;
  }

  take(event: SearchEvent): void {
    if (event.type === "started") this.#space = event.space;
    if (event.type !== "generation" || !this.#space) return;
    this.#generations[event.generation] = event;
    const files = this.#texts(this.#space);
    this.#written = this.#written
      .then(() => this.#write(files))
      .catch((error) => {
        this.#failure ??= error;
      });
  }

  /** Waits for what is being written. @throws what the file system says */
  async close(): Promise<void> {
    await this.#written;
    if (this.#failure) throw this.#failure;
  }

  /** None for a budget that is not whole levels per stage: the authors' files cannot say it. */
  #texts({ division, maxLevel, budget, generations, timesteps }: SearchSummary): ReadonlyMap<string, string> {
    const { pruner, steps, guidance, budget: counted } = this.#request;
    const targetLevel = budget / division.length;
    if (counted === "steps" || !Number.isInteger(targetLevel)) return new Map();
    const { kind } = pruners.get(pruner.id);
    const settings = searchSettings(this.#request);
    const log = { ...settings, kind, maxLevel, targetLevel, planned: generations, generations: this.#generations };
    const meta: Meta = {
      method: pruner.id,
      kind,
      division,
      maxLevel,
      targetLevel,
      steps,
      guidance,
      mapping: "intended",
      stepsPerStage: stepsPerStage(division, timesteps),
      model: this.#card.id,
      depth: this.#card.spec.depth,
      heads: this.#card.spec.heads,
    };
    return new Map([
      [META, writeMeta(meta, settings)],
      [EVOLUTION, writeEvolution(log, division)],
    ]);
  }

  async #write(files: ReadonlyMap<string, string>): Promise<void> {
    for (const [name, text] of files) {
      const path = join(this.#out, name);
      await writeFile(`${path}.part`, text);
      await rename(`${path}.part`, path); // nobody reads half a file
    }
  }
}
