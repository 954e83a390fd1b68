// What tables call things.

import { type PatternName, patternNames } from "../../../core/patterns.ts";
import type { Ratio } from "../../../core/tensor.ts";
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

export function share(target: Ratio): string {
  return `${Number((100 * target).toFixed(1))} %`;
}
