// What the comparison shows: which schedules, on which pictures. Drawing is the gallery's.

import type { StepIndex } from "../core/tensor.ts";
import type { SampleRequest, SearchRequest } from "../engine/api.ts";
import type { Address } from "./address.ts";
import type { Order } from "./disagreement.ts";
import { type Comparand, type SideId, selectComparands, winnerOf } from "./select-comparands.ts";
import { selectComparisonRequests } from "./select-comparison.ts";
import type { Outside, Slice } from "./store.ts";

export const MOST_SIDES = 4;
/** Unless somebody chooses. */
export const usualSides: readonly SideId[] = ["dense", "uniform", "mosaic", "searched"];
export const seedCounts = [1, 2, 4] as const;
/** What pictures depend on beside schedule and class. */
export type SamplingPlan = Pick<SearchRequest, "steps" | "guidance" | "sampler" | "seed">;

export interface CompareSlice {
  readonly compare: {
    /** Two to four; the others are compared with the first. */
    readonly sides: readonly SideId[];
    /** A link has opened the comparison: drawing waits for a person. */
    readonly held: boolean;
    /** Undefined: the shown run's, or the settings'. */
    readonly plan: SamplingPlan | undefined;
    /** Ten pictures each. */
    readonly seeds: (typeof seedCounts)[number];
    /** Among all pictures, as they were drawn. */
    readonly picture: number;
    readonly order: Order;
    /** The sampling step whose prediction is shown; undefined: the result. */
    readonly step: StepIndex | undefined;
    /** Of stored runs that were asked for, by side. */
    readonly winners: Readonly<Record<string, Comparand>>;
  };
  /** Goes to the comparison of these, at a picture that is looked at elsewhere. */
  openComparison(sides: readonly SideId[], picture: number, plan: SamplingPlan): void;
  /** Of a link to the comparison, or of one that names schedules: shows these, or the usual ones, without drawing. */
  linkComparison(address: Pick<Address, "view" | "sides">): Promise<void>;
  /** What a link has opened, too. */
  drawLinked(): void;
  setSide(index: number, id: SideId): Promise<void>;
  addSide(id: SideId): Promise<void>;
  removeSide(index: number): void;
  compareOn(change: Partial<Pick<CompareSlice["compare"], "seeds" | "picture" | "order" | "plan" | "step">>): void;
  /** Asks for what the view lacks. */
  drawComparison(): void;
}

export function createCompareSlice({ engine }: Outside): Slice<CompareSlice> {
  let asked: readonly SampleRequest[] = nothing;
  return (write, read) => {
    const patch = (change: Partial<CompareSlice["compare"]>) =>
      write(({ compare }) => ({ compare: { ...compare, ...change } }));

    /** The winner of a stored run has to be read first. */
    async function fetchWinner(id: SideId): Promise<void> {
      if (!id.startsWith("run ") || read().compare.winners[id]) return;
      try {
        const result = await engine.run(id.slice("run ".length));
        if (result) patch({ winners: { ...read().compare.winners, [id]: winnerOf(result) } });
      } catch (error) {
        read().report("The stored run could not be read", error);
      }
    }

    return {
      compare: {
        sides: usualSides,
        held: false,
        plan: undefined,
        seeds: 1,
        picture: 0,
        order: "drawn",
        step: undefined,
        winners: {},
      },
      openComparison(sides, picture, { steps, guidance, sampler, seed }) {
        const there = selectComparands(read()).map((comparand) => comparand.id);
        const known = sides.filter((id) => there.includes(id)).slice(0, MOST_SIDES);
        const plan = { steps, guidance, sampler, seed };
        patch({ ...(known.length > 1 && { sides: known }), picture, plan, held: false });
        read().goTo("compare");
      },
      async linkComparison({ view, sides = usualSides }) {
        if (view !== "compare" && sides === usualSides) return;
        patch({ sides, held: true });
        await Promise.all(sides.map(fetchWinner));
      },
      drawLinked: () => patch({ held: false }),
      async setSide(index, id) {
        const { sides } = read().compare;
        const other = sides.indexOf(id);
        // A schedule stands once: choosing one that stands elsewhere exchanges the two.
        const swapped = other < 0 ? sides : sides.with(other, sides[index] as SideId);
        patch({ sides: swapped.with(index, id) });
        await fetchWinner(id);
      },
      async addSide(id) {
        patch({ sides: [...read().compare.sides, id].slice(0, MOST_SIDES) });
        await fetchWinner(id);
      },
      removeSide: (index) => patch({ sides: read().compare.sides.filter((_, at) => at !== index) }),
      compareOn: patch,
      drawComparison() {
        const { view, compare } = read();
        const wanted = view === "compare" && !compare.held ? selectComparisonRequests(read()) : nothing;
        if (wanted === asked) return;
        asked = wanted;
        read().ask("comparison", wanted);
      },
    };
  };
}

const nothing: readonly SampleRequest[] = [];
