// Whether an ordering that the paper reports holds here: by FID and by SSIM, seed by seed on the same noise, so that what
// seeds have in common cancels.

import { type Spread, spreadOf } from "./summary.ts";
import type { MeasuredRow } from "./table.ts";

/** One line of the table should be better than another, both named by their cells. */
export interface Claim {
  /** What is claimed, alike for all settings of a table: "searched better than uniform". */
  readonly says: string;
  readonly better: readonly string[];
  readonly worse: readonly string[];
}

export type Outcome = "holds" | "holds in the mean" | "fails" | "fails in the mean" | "no difference" | "both ruined";

export interface JudgedClaim extends Claim {
  readonly metric: MetricId;
  /** By how much the better is better; negative when it is not. */
  readonly difference: Spread;
  /** "holds" and "fails" when the 95 % interval over seeds says so; of one seed there is none. */
  readonly outcome: Outcome;
}

/** By which claims are judged, and which way is better. */
const SIGNS = { fid: -1, ssim: 1 } as const;
type MetricId = keyof typeof SIGNS;

/** SSIM below which pictures are not what was asked for: where both fall below it, neither wins. */
const RUINED = 0.6;

/** Leaves out what was not measured. */
export function judgeClaims(claims: readonly Claim[], rows: readonly MeasuredRow[]): JudgedClaim[] {
  return claims.flatMap((claim) => (Object.keys(SIGNS) as MetricId[]).flatMap((metric) => judged(claim, metric, rows)));
}

function judged(claim: Claim, metric: MetricId, rows: readonly MeasuredRow[]): JudgedClaim[] {
  const of = (cells: readonly string[]) => rows.filter((row) => row.cells.join("\n") === cells.join("\n"));
  const pairs = of(claim.better).flatMap((better) => {
    const worse = of(claim.worse).find(({ seed }) => seed === better.seed);
    return worse ? [[better.values, worse.values] as const] : [];
  });
  const gains = pairs.map(
    ([better, worse]) => SIGNS[metric] * ((better[metric] as number) - (worse[metric] as number)),
  );
  if (!gains.every(Number.isFinite) || gains.length === 0) return [];
  const difference = spreadOf(gains);
  const ruined = pairs.every((pair) => pair.every((values) => (values.ssim as number) < RUINED));
  return [{ ...claim, metric, difference, outcome: ruined ? "both ruined" : outcomeOf(difference) }];
}

function outcomeOf({ mean, reach = Number.POSITIVE_INFINITY }: Spread): Outcome {
  if (mean === 0) return "no difference"; // the same schedule, as a rule
  if (mean > 0) return mean > reach ? "holds" : "holds in the mean";
  return -mean > reach ? "fails" : "fails in the mean";
}
