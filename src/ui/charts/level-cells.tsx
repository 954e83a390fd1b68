// A schedule in one line of text: a coloured cell for each stage, in sampling order, as wide as its number.

import { inkOn, levelColour } from "../../core/colour-scales.ts";
import type { Level } from "../../core/tensor.ts";

export function LevelCells({ levels, maxLevel }: { readonly levels: readonly Level[]; readonly maxLevel: Level }) {
  return (
    <span className="level-cells" role="img" aria-label={`levels ${levels.join(", ")}`}>
      {levels.map((level, stage) => {
        const share = level / maxLevel;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: stages never move
          <i key={stage} style={{ background: levelColour(share), color: inkOn(share) }}>
            {level}
          </i>
        );
      })}
    </span>
  );
}
