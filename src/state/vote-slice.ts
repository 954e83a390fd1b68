// A blind vote between two schedules on the pictures of the comparison: which picture comes when and on which side is drawn
// from the seed, and who is ahead is told at the end.

import { stream } from "../core/rng.ts";
import { wilson } from "../core/wilson.ts";
import type { SideId } from "./select-comparands.ts";
import type { Slice } from "./store.ts";

/** What is asked, as a sentence. */
export const questions = {
  closer: "Which is closer to the reference?",
  nicer: "Which is the nicer picture?",
} as const;
export type Question = keyof typeof questions;

export interface Vote {
  readonly question: Question;
  readonly pair: readonly [SideId, SideId];
  readonly seed: number;
  /** How many pictures there were when it began. */
  readonly pictures: number;
  /** Pairs that were shown and answered, "cannot tell" included. */
  readonly asked: number;
  /** Answers that named one; those for the first of the pair. */
  readonly votes: number;
  readonly forFirst: number;
  readonly revealed: boolean;
}

export interface VoteSlice {
  readonly vote: Vote | undefined;
  beginVote(vote: Pick<Vote, "question" | "pair" | "seed" | "pictures">): void;
  /** Undefined: cannot tell. */
  castVote(side: "left" | "right" | undefined): void;
  revealVote(): void;
  closeVote(): void;
}

/** What is shown next. */
export interface Trial {
  readonly picture: number;
  /** The first of the pair stands on the right. */
  readonly swapped: boolean;
}

/** Every picture comes once before one comes again; sides are drawn anew each time. */
export function trialOf({ seed, pictures, asked }: Pick<Vote, "seed" | "pictures" | "asked">): Trial {
  const round = Math.floor(asked / pictures);
  const order = stream(seed, "vote", "pictures", round).shuffle(Array.from({ length: pictures }, (_, i) => i));
  const swapped = stream(seed, "vote", "side", asked).below(2) === 1;
  return { picture: order[asked % pictures] as number, swapped };
}

/** For the first of the pair: its share of the votes, with the 95 % interval; undefined without votes. */
export function outcomeOfVote({ forFirst, votes }: Pick<Vote, "forFirst" | "votes">) {
  return votes === 0 ? undefined : { share: forFirst / votes, ...wilson(forFirst, votes) };
}

export function createVoteSlice(): Slice<VoteSlice> {
  return (write, read) => ({
    vote: undefined,
    beginVote: (vote) => write({ vote: { ...vote, asked: 0, votes: 0, forFirst: 0, revealed: false } }),
    castVote(side) {
      const { vote } = read();
      if (!vote || vote.revealed) return;
      const first = (side === "left") !== trialOf(vote).swapped;
      const named = side === undefined ? {} : { votes: vote.votes + 1, forFirst: vote.forFirst + Number(first) };
      write({ vote: { ...vote, ...named, asked: vote.asked + 1 } });
    },
    revealVote: () => write(({ vote }) => ({ vote: vote && { ...vote, revealed: true } })),
    closeVote: () => write({ vote: undefined }),
  });
}
