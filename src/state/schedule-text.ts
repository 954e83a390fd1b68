// Levels as text: in a link, as a person types them, and as the authors' code writes them.

import { StudioError } from "../core/errors.ts";
import { reversed } from "../core/schedule.ts";
import type { Level } from "../core/tensor.ts";

/** "10-9-8", sampling order. */
export function linkedLevels(levels: readonly Level[]): string {
  return levels.join("-");
}

/**
 * One level per stage, in sampling order: of a list ("10, 9, 8", "[10, 9, 8]", "10-9-8"), or of the authors'
 * levels_per_stage.json ({"0": 8, "1": 9, "2": 10}), whose stage 0 is sampled last.
 * @throws invalid-input
 */
export function parseLevels(text: string): Level[] {
  const trimmed = text.trim();
  const levels = trimmed.startsWith("{") ? numbered(trimmed) : listed(trimmed);
  const wrong = levels.find((level) => !(Number.isInteger(level) && level >= 0));
  if (wrong === undefined) return levels;
  return refuse(trimmed, `level ${wrong} is not a whole number from 0 on`);
}

function listed(text: string): number[] {
  const parts = text.replace(/^\[|\]$/g, "").split(/[\s,;-]+/);
  if (parts.every((part) => /^\d+(\.\d+)?$/.test(part))) return parts.map(Number);
  return refuse(text, 'is no list of levels such as "10, 9, 8" and no levels_per_stage.json');
}

function numbered(text: string): number[] {
  const stages = parsed(text);
  const keys = Object.keys(stages);
  const levels = keys.map((_, stage) => stages[String(stage)]);
  const missing = levels.findIndex((level) => typeof level !== "number");
  if (keys.length > 0 && missing < 0) return reversed(levels as number[]);
  return refuse(text, `has no level of stage ${Math.max(0, missing)}; levels_per_stage.json numbers them from 0`);
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuse(text, `is not JSON: ${(error as Error).message}`);
  }
}

function refuse(text: string, problem: string): never {
  const start = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  throw new StudioError("invalid-input", `levels: "${start}" ${problem}`);
}
