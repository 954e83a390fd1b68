import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNodeRuntime } from "../runtime/ort-node.ts";
import { type DeviceTensor, type Runtime, takeFloats } from "../runtime/runtime.ts";
import { relativeError, TOLERANCE } from "../testing/close.ts";
import { unpack } from "../testing/fixture.ts";
import fixture from "../testing/fixtures/inception.json" with { type: "json" };
import { drawUniform } from "../testing/tiny-dit.ts";
import { tinyInception } from "../testing/tiny-inception.ts";
import { featureNetwork } from "./feature-network.ts";
import { inceptionGraph } from "./inception.ts";

const weights = tinyInception();
const network = featureNetwork(weights, fixture.side);

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createNodeRuntime({ threads: 1 });
});
afterAll(() => runtime.close());

describe("parity with PyTorch in float64", () => {
  test("features and logits without their bias", async () => {
    const session = await runtime.load(network.graph(), "inception");
    const pictures = drawUniform(fixture.seed, "pictures", [2, 3, fixture.side, fixture.side], 1);
    const { features, output } = await session.run({ pictures });
    const [found, logits] = [await takeFloats(features as DeviceTensor), await takeFloats(output as DeviceTensor)];
    await session.free();
    expect(found.shape).toEqual([2, network.dimension]);
    expect(relativeError(found.data, unpack(fixture.features))).toBeLessThan(TOLERANCE.forward);
    expect(relativeError(logits.data, unpack(fixture.logits))).toBeLessThan(TOLERANCE.forward);
  });
});

test("is told by its names, and its classes are not a model's", () => {
  expect(network).toMatchObject({ label: "inception-v3", dimension: 128, ownClasses: true });
});

test("a missing tensor is named", () => {
  const rest = new Map([...weights].filter(([name]) => name !== "Mixed_6c.branch7x7_2.bn.running_mean"));
  expect(() => inceptionGraph(rest)).toThrow('inception-v3: there is no "Mixed_6c.branch7x7_2.bn.running_mean"');
});
