// Where the winner came from: its ancestors from the founder down, one row of levels each, and between two rows the move
// that made one of the other. Levels that changed are outlined.

import { score, signed } from "../../core/format.ts";
import type { Ancestor } from "../../state/genealogy.ts";
import type { Genealogy } from "../../state/select-candidates.ts";
import { changesText, originLabel } from "../origin.ts";
import { StageAxis } from "./stage-axis.tsx";
import { StageCells } from "./stage-cells.tsx";
import { type Span, stageSpans } from "./stages.ts";
import { useSize } from "./use-size.ts";

export function GenealogyChart({ data }: { readonly data: Genealogy }) {
  const { chain, space } = data;
  const [plot, { width }] = useSize();
  const spans = stageSpans(space.division);
  return (
    <div className="heatmap genealogy">
      <ol>
        {chain.map((ancestor) => (
          <li key={ancestor.candidate.key}>
            {ancestor.changes.length > 0 && <Move ancestor={ancestor} spans={spans} />}
            <span className="row-name" aria-hidden="true">
              {ancestor.candidate.generation + 1}
            </span>
            <StageCells
              levels={ancestor.candidate.levels}
              maxLevel={space.maxLevel}
              spans={spans}
              width={width}
              marked={ancestor.changes.map(({ stage }) => stage)}
            />
            <span className="genealogy-fitness" aria-hidden="true">
              {score(ancestor.candidate.fitness)} <Gain gain={ancestor.gain} />
            </span>
            <span className="hidden">{spoken(ancestor)}</span>
          </li>
        ))}
      </ol>
      <div ref={plot} className="genealogy-axis">
        <StageAxis division={space.division} stageOfStep={space.stageOfStep} width={width} />
      </div>
    </div>
  );
}

function Gain({ gain }: { readonly gain: number | undefined }) {
  if (gain === undefined) return null;
  return <em className={gain < 0 ? "worse" : "better"}>{signed(gain)}</em>;
}

/** From where levels were taken to where they went, and in words. */
function Move({ ancestor: { changes }, spans }: { readonly ancestor: Ancestor; readonly spans: readonly Span[] }) {
  const middle = (stage: number) => {
    const { left, width } = spans[stage] as Span;
    return `${100 * (left + width / 2)}%`;
  };
  const taken = changes.filter(({ by }) => by < 0);
  const given = changes.filter(({ by }) => by > 0);
  return (
    <div className="genealogy-move" aria-hidden="true">
      <svg aria-hidden="true">
        {taken.flatMap(({ stage: from }) =>
          given.map(({ stage: to }) => (
            <g key={`${from},${to}`}>
              <line x1={middle(from)} y1="0" x2={middle(to)} y2="100%" />
              <circle cx={middle(to)} cy="100%" r="3" />
            </g>
          )),
        )}
      </svg>
      <span>{changesText(changes)}</span>
    </div>
  );
}

function spoken({ candidate, changes, gain }: Ancestor): string {
  const { generation, origin, fitness, levels } = candidate;
  const how = changes.length > 0 ? `${originLabel(origin.kind)}: ${changesText(changes)}` : originLabel(origin.kind);
  const gained = gain === undefined ? "" : `, ${signed(gain)}`;
  return `Generation ${generation + 1}, ${how}, fitness ${score(fitness)}${gained}, levels ${levels.join(", ")}`;
}
