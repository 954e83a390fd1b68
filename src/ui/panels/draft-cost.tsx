// What the edited schedule spends and costs, at once: counted from its levels, and told from steps that were timed.

import { amount, factor, macs, milliseconds, percent } from "../../core/format.ts";
import { selectDraft, selectDraftCost } from "../../state/select-draft.ts";
import { Help } from "../parts/popover.tsx";
import { useStudio } from "../studio.tsx";

const MINUS = "\u2212";

/** The budget, and the rule that keeps it. */
export function BudgetLine() {
  const draft = useStudio(selectDraft);
  const free = useStudio((state) => state.editor.history.now.free);
  if (!draft) return null;
  const { space, excess, onBudget } = draft;
  const spent = space.budget + excess;
  return (
    <div className="editor-budget">
      <strong className={onBudget ? "" : "off"} data-testid="spent">
        {spent} of {space.budget}
        {excess !== 0 && ` (${excess > 0 ? "+" : MINUS}${Math.abs(excess)})`}
      </strong>{" "}
      <span className="muted">
        {space.stepsPerStage ? "levels over steps" : "levels"} spent.{" "}
        {free
          ? "Free: a level changes alone, and the budget with it."
          : "What a stage gains, the unlocked stages lose, each in proportion to what it has."}
      </span>{" "}
      <Help about="the budget">
        Every schedule of a search spends the same: Σ ℓ(s) = B over stages s, or over the steps that visit them (Diff-ES
        §3.2). By hand, levels are dealt one at a time to the stage with the largest ℓ / (2k + 1) after k of them
        (Webster’s method); of equal ones the nearest is first. Locked stages keep their level.
      </Help>
    </div>
  );
}

/** Operations, parameters, time. */
export function DraftCostLine() {
  const cost = useStudio(selectDraftCost);
  if (!cost) return null;
  const { time, denseTime } = cost;
  return (
    <dl className="editor-cost">
      <Figure
        name="Sparsity"
        value={percent(cost.sparsity)}
        help="Mean level over the visited steps, over the highest level: Σ n(s) ℓ(s) / (n L), with n(s) steps in stage s."
      />
      <Figure
        name="Operations"
        value={macs(cost.macs)}
        note={`${MINUS}${percent(1 - cost.macs / cost.denseMacs, 0)}`}
        help="Multiply-accumulates of one picture, all steps, one forward a step as the paper’s tables count (Diff-ES §4)."
      />
      <Figure
        name="Parameters"
        value={amount(cost.parameters)}
        note={`${MINUS}${percent(1 - cost.parameters / cost.denseParameters, 0)}`}
        help="That a step runs with, mean over the steps. The weights of all stages are in the bank; none is copied."
      />
      <Figure
        name="Time, predicted"
        value={time === undefined ? "after a drawing" : milliseconds(time)}
        note={time !== undefined && denseTime !== undefined ? factor(denseTime / time) : undefined}
        help="Of the denoiser for one picture among several, told from steps of drawings that were timed here: linear in operations between levels that were timed. Not a measurement."
      />
    </dl>
  );
}

function Figure(props: {
  readonly name: string;
  readonly value: string;
  readonly note?: string | undefined;
  readonly help: string;
}) {
  return (
    <div>
      <dt>
        {props.name} <Help about={props.name}>{props.help}</Help>
      </dt>
      <dd>
        {props.value} {props.note && <em>{props.note}</em>}
      </dd>
    </div>
  );
}
