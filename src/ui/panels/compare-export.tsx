// Takes the compared pictures along as a figure: the first ones of the order that is shown, never chosen by hand.

import { score } from "../../core/format.ts";
import { orders } from "../../state/disagreement.ts";
import { className } from "../../state/labels.ts";
import type { Comparison } from "../../state/select-comparison.ts";
import { comparisonFigure, pictureAddress } from "../parts/comparison-figure.ts";
import { FigureButtons } from "../parts/figure-buttons.tsx";
import { sideLook } from "../side-look.ts";
import { useStudio } from "../studio.tsx";

/** Rows of the figure. */
const ROWS = 5;

export function CompareExport({ comparison }: { readonly comparison: Comparison }) {
  const { sides, arranged, labels, seeds, side, plan } = comparison;
  const card = useStudio((state) => state.model.card);
  const order = useStudio((state) => state.compare.order);
  const runs = useStudio((state) => state.session.runs);
  const drawn = sides.length > 1 && sides.every(({ pictures }) => pictures.every(Boolean));
  const svg = () => {
    if (!card || !drawn) return undefined;
    const shown = arranged.slice(0, ROWS);
    const names = sides.map(({ id }) => sideLook(id, runs).label);
    return comparisonFigure({
      names,
      rows: shown.map((picture) => ({
        name: className(card, labels[picture] ?? 0),
        cells: sides.map(({ pictures, scores }) => ({
          href: pictureAddress(pictures[picture] as Uint8ClampedArray, side),
          note: scores[picture] ? `SSIM ${score(scores[picture].ssim)}` : "",
        })),
      })),
      notes: [
        `${shown.length} of ${labels.length} pictures, ${orders[order]}${order === "random" ? `, seed ${plan.seed}` : ""}.`,
        `Disagreement is 1 − SSIM to ${names[0]}, mean over the other schedules.`,
        `${card.name}, ${plan.steps} steps of ${plan.sampler.id}, guidance ${plan.guidance}, seed ${[...new Set(seeds)].join(", ")}.`,
      ],
    });
  };
  return <FigureButtons name={`diff-es-comparison-${order}`} svg={svg} disabled={!drawn} />;
}
