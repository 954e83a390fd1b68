// Networks that look at whole sets of pictures: which one a state dict holds is told by the names of its tensors.

import { StudioError } from "../core/errors.ts";
import { sha256 } from "../formats/hash.ts";
import { judgeGraph } from "./classifier.ts";
import { INCEPTION, inceptionGraph } from "./inception.ts";
import type { WeightTable } from "./model.ts";

export interface FeatureNetwork {
  readonly label: string;
  /** SHA-256 of the weights: statistics compare when one network saw both sets. */
  readonly id: string;
  /** Of the square pictures that it takes, pixels. */
  readonly side: number;
  /** D */
  readonly dimension: number;
  /** Whether its classes are others than those that a model is asked for. */
  readonly ownClasses: boolean;
  /** Input `pictures` [B, 3, side, side] in [-1, 1]; outputs `features` [B, D] and `output` [B, k], class logits. */
  graph(): Uint8Array;
}

interface Kind {
  readonly label: string;
  /** A tensor that no other kind has. */
  readonly known: string;
  /** A tensor of which an extent is the number of features, and which one. */
  readonly dimension: readonly [string, 0 | 1];
  readonly ownClasses: boolean;
  readonly graph: (weights: WeightTable, side: number) => Uint8Array;
}

const KINDS: readonly Kind[] = [
  {
    label: "tiny-classifier",
    known: "projection.weight",
    dimension: ["projection.weight", 0],
    ownClasses: false,
    graph: judgeGraph,
  },
  {
    label: "inception-v3",
    known: INCEPTION,
    dimension: ["fc.weight", 1],
    ownClasses: true,
    graph: inceptionGraph,
  },
];

/**
 * @param side of the model's pictures
 * @throws missing-data when the names are of no network that is known here
 */
export function featureNetwork(weights: WeightTable, side: number): FeatureNetwork {
  const kind = KINDS.find(({ known, dimension: [name] }) => weights.has(known) && weights.has(name));
  if (!kind)
    throw new StudioError(
      "missing-data",
      `features: these ${weights.size} tensors are of no known network; one has ${KINDS.map(({ label, known }) => `"${known}" (${label})`).join(" or ")}`,
    );
  const { label, graph, ownClasses } = kind;
  const [name, axis] = kind.dimension;
  const dimension = weights.get(name)?.shape[axis] as number;
  return { label, id: idOf(weights), side, dimension, ownClasses, graph: () => graph(weights, side) };
}

function idOf(weights: WeightTable): string {
  const parts = [...weights].flatMap(([name, { shape, data }]) => [
    new TextEncoder().encode(`${name} ${shape.join(" ")}\n`),
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ]);
  return sha256(parts);
}
