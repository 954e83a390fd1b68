// Criteria in words, as requests, links and command lines hold them: "ssim", "0.5 ssim + 0.5 latent-cosine",
// "latent-cosine at least 0.88, then fft", "mse at most 0.01, then 2 quality + fft".

import { at, StudioError } from "../../core/errors.ts";
import type { Shelf } from "../../core/shelf.ts";
import type { Metric } from "../metric.ts";
import { bounded, type Criterion, single, type Term, weightedSum } from "./criterion.ts";

/**
 * One metric's id, or clauses "… at least|most NUMBER" before a last one, joined by ", then"; every clause is a sum of
 * ids with weights.
 * @throws unknown-method; invalid-option naming the bad part, or the metric that is for reports only
 */
export function parseCriterion(text: string, metrics: Shelf<Metric>): Criterion {
  const words = text.trim();
  if (!/[\s+]/.test(words)) return fitnessOf(words, metrics);
  try {
    const clauses = words.split(/\s*,\s*then\s+/);
    const last = sumOf(clauses.pop() as string, metrics);
    return clauses.reduceRight((then, clause) => boundOf(clause, then, metrics), last);
  } catch (error) {
    throw at(`metric "${text}"`, error);
  }
}

function boundOf(clause: string, then: Criterion, metrics: Shelf<Metric>): Criterion {
  const [, sum, word, number] = /^(.+?)\s+at\s+(least|most)\s+(\S+)$/.exec(clause) ?? [];
  if (sum === undefined || number === undefined)
    throw refusal(`"${clause}" before "then" is no bound; write for example "latent-cosine at least 0.88"`);
  const first = sumOf(sum, metrics);
  const right = first.direction === "higher" ? "least" : "most";
  if (word !== right) throw refusal(`of ${sum}, ${first.direction} is better; write "${sum} at ${right} ${number}"`);
  return bounded(first, numberOf(number, `the bound of ${sum}`), then);
}

function sumOf(text: string, metrics: Shelf<Metric>): Criterion {
  const terms = text.split(PLUS).map((term) => termOf(term.trim(), metrics));
  const [only] = terms;
  return terms.length === 1 && only?.weight === 1 ? only.criterion : weightedSum(terms);
}

/** Between terms, not within a number such as 1e+2. */
const PLUS = /(?<!\de)\+/;

function termOf(text: string, metrics: Shelf<Metric>): Term {
  const [id, weight = "1", ...others] = text.split(/\s+/).reverse();
  if (!id || others.length > 0)
    throw refusal(`"${text}" is not a metric, or a weight and a metric; write for example "0.5 ssim + 0.5 fft"`);
  const criterion = fitnessOf(id, metrics);
  const value = numberOf(weight, `the weight of ${id}`);
  if (value > 0) return { weight: value, criterion };
  throw refusal(`the weight of ${id} is ${weight}; give one above 0, higher is better for every metric in a sum`);
}

function fitnessOf(id: string, metrics: Shelf<Metric>): Criterion {
  const metric = metrics.get(id);
  if (metric.role === "fitness") return single(id, metric);
  const others = metrics.ids.filter((other) => metrics.get(other).role === "fitness");
  throw refusal(`metric ${id} is for reports, no search should please it; compare by one of ${others.join(", ")}`);
}

function numberOf(text: string, what: string): number {
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw refusal(`${what} is "${text}", which is not a number; write for example 0.5`);
}

function refusal(message: string): StudioError {
  return new StudioError("invalid-option", message);
}
