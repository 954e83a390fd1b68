// A table that was measured row by row, as Markdown: a line per name, and its verdict.

import type { JudgedClaim, Outcome } from "../bench/tables/claims.ts";
import type { Spread } from "../bench/tables/summary.ts";
import type { TableReport } from "../bench/tables/table.ts";
import { table } from "./markdown.ts";

interface Column {
  readonly head: string;
  readonly digits: number;
  /** Judges a picture without the dense model's and should be high: above the dense model it is over-fitted. */
  readonly alone?: true;
}

/** By metric id. */
const COLUMNS = {
  fid: { head: "FID", digits: 2 },
  kid: { head: "KID", digits: 2 },
  "inception-score": { head: "IS", digits: 2 },
  precision: { head: "precision", digits: 3 },
  recall: { head: "recall", digits: 3 },
  accuracy: { head: "class accuracy", digits: 3 },
  ssim: { head: "SSIM", digits: 3 },
  "ssim-grey": { head: "SSIM, grey", digits: 3 },
  psnr: { head: "PSNR", digits: 1 },
  "latent-mse": { head: "latent error", digits: 3 },
  "latent-cosine": { head: "latent cosine", digits: 3 },
  quality: { head: "quality", digits: 3, alone: true },
  fft: { head: "high frequencies", digits: 4, alone: true },
} as const satisfies Readonly<Record<string, Column>>;
export type ColumnId = keyof typeof COLUMNS;

const USUAL: readonly ColumnId[] = [
  ...(["fid", "kid", "inception-score", "precision", "recall", "accuracy"] as const),
  ...(["ssim", "ssim-grey", "psnr", "latent-mse"] as const),
];

/** The lines; where only part of the rows was measured, it says so. ‡ is better than the dense model without a reference. */
export function measuredTable(
  { columns, summary, rows, total }: TableReport,
  ids: readonly ColumnId[] = USUAL,
): string[] {
  const dense = rows.find(({ schedule }) => !schedule)?.cells.join();
  const bar = summary.find(({ cells }) => cells.join() === dense)?.values;
  const lines = summary.map(({ cells, seeds, macs, values }) => [
    ...cells,
    String(seeds),
    spread(macs, 2, 1e-9),
    ...ids.map((id) => cellOf(COLUMNS[id], values[id], bar?.[id])),
  ]);
  const part = rows.length < total ? [`${rows.length} of ${total} rows are measured so far.`] : [];
  return [...part, table([...columns, "seeds", "GMACs", ...ids.map((id) => COLUMNS[id].head)], lines)];
}

/** A line for each thing that is claimed, over all settings. */
export function verdictOf(claims: readonly JudgedClaim[]): string[] {
  const said = [...new Set(claims.map(({ says }) => says))];
  const lines = said.map((says) => {
    const own = claims.filter((claim) => claim.says === says);
    const metrics = [...new Set(own.map(({ metric }) => metric))];
    return `- ${says}: ${metrics.map((id) => tally(own.filter(({ metric }) => metric === id))).join("; ")}.`;
  });
  return lines.length > 0 ? ["Whether orderings hold, the paper's and ours:", lines.join("\n")] : [];
}

/** Of one metric. */
function tally(claims: readonly JudgedClaim[]): string {
  const [{ metric, difference, outcome }] = claims as [JudgedClaim];
  const name = COLUMNS[metric].head;
  if (claims.length === 1) {
    const says = difference.reach === undefined ? outcome.replace("in the mean", "on one seed") : outcome;
    return `${says} by ${name} (by ${spread(difference, COLUMNS[metric].digits)})`;
  }
  const count = (...wanted: readonly Outcome[]) => claims.filter((claim) => wanted.includes(claim.outcome)).length;
  const certain = `${count("holds")} certainly, and the opposite certainly in ${count("fails")}`;
  const ruined = count("both ruined");
  return `by ${name} in ${count("holds", "holds in the mean")} of ${claims.length} (${certain}${ruined > 0 ? `; both ruined in ${ruined}` : ""})`;
}

function cellOf({ digits, alone }: Column, value: Spread | undefined, dense: Spread | undefined): string {
  if (!value) return "";
  return `${spread(value, digits)}${alone && dense && value.mean > dense.mean ? " ‡" : ""}`;
}

function spread({ mean, reach }: Spread, digits: number, scale = 1): string {
  const wide = reach !== undefined && scale * reach >= 0.5 * 10 ** -digits;
  const middle = (scale * mean).toFixed(digits);
  return wide ? `${middle} ± ${(scale * reach).toFixed(digits)}` : middle;
}
