// What tables call things.

import { type PatternName, patternNames } from "../../../core/patterns.ts";
import type { MethodId } from "./methods.ts";

const methodNames: Readonly<Record<MethodId, string>> = {
  dense: "dense",
  uniform: "uniform",
  mosaic: "MosaicDiff",
  "three-stage": "best three stages",
  searched: "searched",
  ...(Object.fromEntries(patternNames.map((name) => [name, name.replace("_", " ")])) as Record<PatternName, string>),
};

export function methodName(id: MethodId): string {
  return methodNames[id];
}

const prunerNames: Readonly<Record<string, string>> = {
  obs: "OBS",
  layerdrop: "LayerDrop",
  wanda: "Wanda",
  activation: "Activation",
  magnitude: "Magnitude",
};

export function prunerName(id: string): string {
  return prunerNames[id] ?? id;
}

/** Short for table cells; the shelf has longer ones. */
const solverNames: Readonly<Record<string, string>> = { ddim: "DDIM", "dpm-solver": "DPM-Solver++ 2M" };

export function solverName(id: string): string {
  return solverNames[id] ?? id;
}
