// What the tour says at each of its stops (state/tour-slice.ts).

import type { ReactNode } from "react";
import type { TourStopId } from "../state/tour-slice.ts";

interface Words {
  readonly title: string;
  readonly text: ReactNode;
}

export const tourWords: Readonly<Record<TourStopId, Words>> = {
  schedule: {
    title: "A schedule",
    text: (
      <>
        <p>
          One row is a schedule: for each stage of the denoising, from noise at the left to picture at the right, how
          much of the network is left out. The scale above it tells which colour is how much.
        </p>
        <p>The rows are the best schedules that a search found, generation by generation.</p>
      </>
    ),
  },
  level: {
    title: "A stage’s level",
    text: (
      <>
        <p>
          Drag a column, or focus it and press <kbd>↑</kbd> <kbd>↓</kbd>. A level more takes one more attention head and
          its share of channels out of every block, in this stage alone.
        </p>
        <p>The other columns give way, so that the whole costs the same.</p>
      </>
    ),
  },
  pictures: {
    title: "What it does to pictures",
    text: (
      <>
        <p>
          The same noise, drawn by the dense model and by your schedule. If you see <strong>Prepare</strong>, press it
          once: it makes the pruned weights, in the time it says. Nothing is made unless you do.
        </p>
        <p>From then on every change is drawn again, from the first changed stage on. Try an early and a late one.</p>
      </>
    ),
  },
  budget: {
    title: "The budget",
    text: (
      <p>
        The share that every schedule leaves out, on average over its stages. It is fixed before a search, so that
        schedules are compared at the same cost, and only where they spend it differs.
      </p>
    ),
  },
  search: {
    title: "The search",
    text: (
      <>
        <p>
          Press this when you have the time that it names: schedules are scored on a few pictures, the best survive, and
          their children move levels between two stages. You can pause or close the page; it goes on where it was.
        </p>
        <p>The next stop opens Compare, which draws the pictures that it shows.</p>
      </>
    ),
  },
  compare: {
    title: "Compare with your eyes",
    text: (
      <p>
        Two to four schedules on the same picture: side by side, wiped, or as maps of the difference. Hold{" "}
        <kbd>Space</kbd> to see the first in every place, turn through pictures with <kbd>←</kbd> <kbd>→</kbd>, and vote
        blind below.
      </p>
    ),
  },
  runs: {
    title: "Where results are kept",
    text: (
      <p>
        Every search stays in this browser until you remove it: open it, compare its winner, duplicate its settings, or
        export it. Runs of the command line and of the authors’ code open here too.
      </p>
    ),
  },
};
