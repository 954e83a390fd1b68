import { afterAll, beforeAll, expect, test } from "vitest";
import type { Tensor } from "../core/tensor.ts";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { type Feed, type Runtime, takeFloats } from "../runtime/runtime.ts";
import { drawUniform, TINY_HEADS, tinyDit } from "../testing/tiny-dit.ts";
import { type Chain, chainGraph, chainOf, chainsOf, type Link, linksOf } from "./chain.ts";
import { dit } from "./dit/dit.ts";
import type { Call } from "./model.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createNodeRuntime({ threads: 1 });
});
afterAll(() => runtime.close());

const weights = tinyDit();
const spec = dit.spec(weights, { heads: TINY_HEADS });
const { conditioning, denoise, redundancy } = dit.program(spec);
const NOTHING = { skipped: new Set<number>(), empty: new Set<number>() };
const bytesOf = ({ call }: Link) =>
  Object.values(call.weights).reduce((sum, name) => sum + (weights.get(name) as Tensor).data.byteLength, 0);

/** Everything that a step and its conditioning leave in the scope. */
async function run(chains: readonly Chain[], scope: Map<string, Feed>): Promise<Map<string, Feed>> {
  for (const chain of chains) {
    const session = await runtime.load(chainGraph(dit, spec, chain), chain.label);
    const feeds = session.inputs.map((input) => {
      const weight = chain.weights.get(input);
      const feed = weight === undefined ? scope.get(chain.reads.get(input) as string) : weights.get(weight);
      return [input, feed as Feed] as const;
    });
    const outputs = await session.run(Object.fromEntries(feeds));
    for (const [output, name] of chain.writes) scope.set(name, await takeFloats(outputs[output] as never));
    await session.free();
  }
  return scope;
}

test("calls give the same bits one by one, a few at a time, and all at once", async () => {
  const links = linksOf(dit, [...conditioning, ...denoise], NOTHING);
  const [whole, largest] = [links.reduce((sum, link) => sum + bytesOf(link), 0), Math.max(...links.map(bytesOf))];
  const results = [];
  for (const most of [0, largest, whole]) {
    const chains = chainsOf(links, { bytesOf, most }, (name) => name === "latent");
    expect(chains.flatMap((chain) => chain.links.map(({ call }) => call))).toEqual(links.map(({ call }) => call));
    const scope = await run(
      chains,
      new Map<string, Feed>([
        ["timestep", dit.embedTimesteps(Float32Array.of(700, 700))],
        ["label", { shape: [2], data: Int32Array.of(1, 3) }],
        ["latent", drawUniform(1, "start", [2, 4, 8, 8], 1.5)],
        ["row", { shape: [2], data: Int32Array.of(0, 1) }],
        ["coefficients", { shape: [2], data: Float32Array.of(0.9, -0.3) }],
      ]),
    );
    results.push({ chains: chains.length, latent: (scope.get("latent") as Tensor).data });
  }
  const [single, few, one] = results;
  expect(single?.chains).toBe(links.length);
  expect(few?.chains).toBeGreaterThan(1);
  expect(few?.chains).toBeLessThan(links.length);
  expect(one?.chains).toBe(1);
  for (const { latent } of results) expect(latent).toEqual(single?.latent);
});

test("chains of other blocks with the same wiring are the same graph; what leaves a chain belongs to it", () => {
  const [first, second] = denoise.filter(({ graph }) => graph === "block");
  const keyOf = (call: Call | undefined, wanted: boolean) =>
    chainOf(linksOf(dit, [call as Call], NOTHING), () => wanted).key;
  expect(keyOf(first, true)).toBe(keyOf(second, true));
  expect(keyOf(first, true)).not.toBe(keyOf(first, false));
});

test("only what is needed afterwards leaves a chain", () => {
  const links = linksOf(dit, redundancy(new Set([0, 1])), NOTHING);
  const changes = (name: string) => name.startsWith("change.");
  expect([...chainOf(links, changes).writes.values()]).toEqual(["change.0", "change.1"]);
  const [before] = chainsOf(links.slice(0, 3), { bytesOf, most: 0 }, changes);
  expect([...(before as Chain).writes.values()]).toEqual(["x.0"]);
});

test("blocks that are left out are no links, and emptied ones have another graph", () => {
  const links = linksOf(dit, denoise, { skipped: new Set([0]), empty: new Set([1]) });
  expect(links.map(({ graph }) => graph)).toEqual(["embed", "block-bias", "finish"]);
  expect(chainOf(links, () => false).label).toBe("embed, block-bias, finish");
});
