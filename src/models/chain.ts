// Calls of a program, one after the other, as one graph. What a call leaves for the next never leaves the device; every
// run costs a turn of the runtime's queue and a copy of what goes in and out, so a step of few long chains is faster than
// one of many short ones. Inputs are named by the place of the call that first needs them: chains of other blocks, with
// the same wiring, are the same graph.

import type { Bytes, Tensor } from "../core/tensor.ts";
import { GraphBuilder, type Port } from "../formats/onnx.ts";
import type { Architecture, Call, DenoiserSpec } from "./model.ts";

/** What pruning makes of a program's blocks. */
export interface Pruned {
  /** Left out. */
  readonly skipped: ReadonlySet<number>;
  /** Reduced to the biases of their branches. */
  readonly empty: ReadonlySet<number>;
}

/** A call, and how its graph is written. */
export interface Link {
  readonly call: Call;
  /** The call's own graph, or the one that serves when its cuts are empty. */
  readonly graph: string;
  /** Layers with more outputs than rows. */
  readonly wide: ReadonlySet<string>;
}

export interface Chain {
  /** Equal keys, equal graphs. */
  readonly key: string;
  /** For messages. */
  readonly label: string;
  readonly links: readonly WiredLink[];
  /** Graph input -> name in the scope. */
  readonly reads: ReadonlyMap<string, string>;
  /** Graph input -> weight name. A graph may not need all of them. */
  readonly weights: ReadonlyMap<string, string>;
  /** Graph output -> name in the scope. */
  readonly writes: ReadonlyMap<string, string>;
}

interface WiredLink extends Link {
  /** The graph's own input -> input of the chain, or output of an earlier link. */
  readonly feeds: Readonly<Record<string, string>>;
}

/** The calls that run; `wide` says which layers of one have more outputs than rows. */
export function linksOf(
  architecture: Architecture,
  calls: readonly Call[],
  { skipped, empty }: Pruned,
  wide: (call: Call) => ReadonlySet<string> = () => NONE,
): Link[] {
  const within = (blocks: ReadonlySet<number>, { block }: Call) => block !== undefined && blocks.has(block);
  return calls
    .filter((call) => !within(skipped, call)) // same name in and out: leaving it out is the identity
    .map((call) =>
      within(empty, call)
        ? { call, graph: architecture.biasOnly[call.graph] as string, wide: NONE }
        : { call, graph: call.graph, wide: wide(call) },
    );
}
const NONE: ReadonlySet<string> = new Set();

/**
 * Neighbours in chains that are fed with at most so many bytes, or single links.
 * @param wanted whether what was written under a name is still needed after all of them
 */
export function chainsOf(
  links: readonly Link[],
  { bytesOf, most }: { readonly bytesOf: (link: Link) => Bytes; readonly most: Bytes },
  wanted: (name: string) => boolean,
): Chain[] {
  const chains: Chain[] = [];
  let begin = 0;
  let bytes = 0;
  for (let end = 1; end <= links.length; end++) {
    bytes += bytesOf(links[end - 1] as Link);
    const next = links[end];
    if (next && bytes + bytesOf(next) <= most) continue;
    const later = new Set(links.slice(end).flatMap(({ call }) => Object.values(call.reads)));
    chains.push(chainOf(links.slice(begin, end), (name) => later.has(name) || wanted(name)));
    [begin, bytes] = [end, 0];
  }
  return chains;
}

/** @param wanted whether what was written under a name is still needed after the chain */
export function chainOf(links: readonly Link[], wanted: (name: string) => boolean): Chain {
  const [reads, weights] = [new Map<string, string>(), new Map<string, string>()];
  const current = new Map<string, string>();
  const written = new Set<string>();
  const wired = links.map((link, place): WiredLink => {
    const { call } = link;
    const feeds: Record<string, string> = {};
    for (const [input, name] of Object.entries(call.reads)) {
      const value = current.get(name) ?? `${place}.${input}`;
      if (!current.has(name)) reads.set(value, name);
      current.set(name, value);
      feeds[input] = value;
    }
    for (const [input, name] of Object.entries(call.weights)) {
      feeds[input] = `${place}.${input}`;
      weights.set(`${place}.${input}`, name);
    }
    for (const [output, name] of Object.entries(call.writes)) {
      current.set(name, `${place}.${output}`);
      written.add(name);
    }
    return { ...link, feeds };
  });
  const writes = new Map([...written].filter(wanted).map((name) => [current.get(name) as string, name]));
  const wiring = wired.map(({ graph, wide, feeds }) => [graph, [...wide], Object.values(feeds)]);
  return {
    key: JSON.stringify([wiring, [...writes.keys()]]),
    label: labelOf(links),
    links: wired,
    reads,
    weights,
    writes,
  };
}

/** "embed, 12 block, finish"; the names of wide layers follow their graph's. */
function labelOf(links: readonly Link[]): string {
  const runs: { readonly name: string; count: number }[] = [];
  for (const { graph, wide } of links) {
    const name = [graph, ...wide].join(" ");
    const last = runs.at(-1);
    if (last?.name === name) last.count++;
    else runs.push({ name, count: 1 });
  }
  return runs.map(({ name, count }) => (count > 1 ? `${count} ${name}` : name)).join(", ");
}

/** ONNX bytes. Weights are inputs, unless `inside` has them by their name. */
export function chainGraph(
  architecture: Architecture,
  spec: DenoiserSpec,
  chain: Chain,
  inside?: (weight: string) => Tensor,
): Uint8Array {
  const g = new GraphBuilder(chain.label);
  const made = new Map<string, Port>();
  const known = new Set<string>();
  for (const [place, { graph, wide, feeds }] of chain.links.entries()) {
    const prefix = `${place}.`;
    const given = ({ name, type, dims }: Port): string => {
      const value = feeds[name] as string;
      if (made.has(value) || known.has(value)) return value;
      known.add(value);
      const weight = chain.weights.get(value);
      if (weight === undefined) return g.input(value, type, dims);
      if (inside) return g.constant(inside(weight), value);
      const own = dims.map((dim) => (typeof dim === "string" ? `${prefix}${dim}` : dim)); // blocks may differ in width
      return g.input(value, type, own);
    };
    architecture.write(
      g.part(prefix, given, (port) => made.set(port.name, port)),
      spec,
      graph,
      wide,
    );
  }
  for (const value of chain.writes.keys()) {
    const { name, type, dims } = made.get(value) as Port;
    g.output(name, type, dims);
  }
  return g.build();
}
