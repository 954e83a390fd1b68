// What the page is for, how to read it, and its keys. One sheet.

import { viewIds } from "../../state/views.ts";
import { Dialog } from "../parts/dialog.tsx";
import { views } from "../views/index.ts";
import { DiagnosticsButton } from "./diagnostics-button.tsx";
import { TourButton } from "./tour-button.tsx";

const words: readonly (readonly [string, string])[] = [
  ["Stage", "A range of timesteps. Stage 1 is sampled first, from pure noise; the last stage finishes the picture."],
  ["Level", "How much is removed in a stage: one head and its share of channels in every block, or one block."],
  ["Schedule", "One level for each stage. The sum of levels, the budget, is the same for every schedule."],
  ["Uniform", "The same level everywhere: what pruning without stages does."],
  ["MosaicDiff", "Three stages with hand-made levels, reconstructed from its paper."],
  ["Searched", "The best schedule that the search found. Levels move between stages, the budget never changes."],
  ["Bank", "What calibration found of a model, kept in this browser so that later searches need not find it again."],
  [
    "Sensitivity",
    "What pruning one stage alone loses of fitness. Stages interact, so the sum is a guess; a search knows better.",
  ],
  ["Front", "Quality against cost: one search for each of several budgets."],
  ["Held-out", "Pictures the search never saw. Only these decide whether the searched schedule is better."],
];
const keys: readonly (readonly [string, string])[] = [
  ["?", "This sheet"],
  [viewIds.map((_, index) => index + 1).join(" "), `Go to ${viewIds.map((id) => views[id].label).join(", ")}`],
  ["T", "Take the tour, or go on with it; in it, ← and → turn, Esc leaves"],
  ["P", "Pause or continue the search"],
  ["Esc", "Close what is open"],
  ["← →", "In the comparison: other pictures; in maps of stages: other stages"],
  ["↑ ↓", "In maps: other generations or levels; in the list of candidates: other schedules, Enter draws one"],
  ["Space", "In the comparison, held: the first schedule’s picture in every place"],
  ["+ − 0", "In the comparison: zoom in, out, all of it; Shift and arrows pan"],
  ["↑ ↓ 0–9", "In the editor: the level of a stage; PageUp, PageDown, Home and End in larger steps"],
  ["L", "In the editor: lock or unlock a stage"],
  ["Ctrl Z", "In the editor: undo; with Shift, redo"],
];

export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="How this works" onClose={onClose}>
      <div className="dialog-body help-sheet">
        <p>
          A diffusion transformer runs many times for one picture, and not every step needs all of it. Diff-ES prunes
          each stage of the denoising by its own amount and finds the amounts by evolution (arXiv 2603.05105). Press{" "}
          <strong>Search</strong>; everything runs on this machine and nothing is uploaded.
        </p>
        <div className="row">
          <TourButton onTaken={onClose} />
          <DiagnosticsButton />
        </div>
        <section>
          <h3>Words</h3>
          <dl className="facts">
            {words.map(([word, text]) => [<dt key={word}>{word}</dt>, <dd key={text}>{text}</dd>])}
          </dl>
        </section>
        <section>
          <h3>Keys</h3>
          <dl className="facts">
            {keys.map(([key, text]) => [
              <dt key={key}>
                <kbd>{key}</kbd>
              </dt>,
              <dd key={text}>{text}</dd>,
            ])}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
