import { describe, expect, test } from "vitest";
import { uniformDivision } from "../../core/schedule.ts";
import { type AuthorsFiles, authorsFiles, textsOf } from "../../testing/authors-files.ts";
import { type Expected, readFolder } from "./read.ts";

const KINDS: Readonly<Record<string, "width" | "depth">> = { obs: "width", wanda: "width", layerdrop: "depth" };
const EXPECTED: Expected = {
  sizes: { depth: 2, heads: 4, channels: 8 },
  timesteps: 1000,
  model: "abc",
  kindOf: (method) => KINDS[method],
};
const LEVELS = "levels_per_stage.json";
const RATIOS = "ratios_per_stage.json";

/** The authors' files after a change, read. */
function read(change: (files: AuthorsFiles) => unknown, expected: Partial<Expected> = {}) {
  const files = authorsFiles();
  change(files);
  return readFolder("theirs", textsOf(files), { ...EXPECTED, ...expected });
}
const untouched = () => {};
const without =
  (...names: (keyof AuthorsFiles)[]) =>
  (files: AuthorsFiles) =>
    names.forEach((name) => void Reflect.deleteProperty(files, name));
const meta = (fields: object) => (files: AuthorsFiles) => Object.assign(files["meta.json"], fields);

describe("the authors' files", () => {
  test("are read in sampling order", () => {
    expect(read(untouched)).toEqual({
      method: "wanda",
      maxLevel: 4,
      division: uniformDivision(3, 1000),
      levels: [3, 2, 1],
      mapping: "intended",
      steps: 20,
      guidance: 2.1,
    });
  });

  test("may list levels in an array, have ratios only, and leave all else out", () => {
    expect(read((files) => Object.assign(files, { [LEVELS]: [1, 2, 3] })).levels).toEqual([3, 2, 1]);
    expect(read(without(LEVELS)).levels).toEqual([3, 2, 1]);
    const bare = without("meta.json", "timings.json", "orders_wanda.json", "evolution.json", RATIOS);
    expect(read(bare, { method: "obs" }).levels).toEqual([3, 2, 1]);
    expect(() => read(bare)).toThrow("meta.json: is missing, and nothing else names the pruning method");
  });

  test("are translated when they were written for the released reader: near H / 2 it removes a level less", () => {
    // H = 4: 3 is told to remove 2, 4 to remove 3.
    const told = (levels: number[]) => (files: AuthorsFiles) => {
      without(RATIOS, "evolution.json", "orders_wanda.json", "timings.json")(files);
      meta({ prune_method: "secondorder", studio: { k_mapping: "official-compat", model: "abc" } })(files);
      files[LEVELS] = levels;
    };
    expect(read(told([1, 3, 4]))).toMatchObject({ levels: [3, 2, 1], mapping: "official-compat", method: "obs" });
    expect(() => read(told([1, 2, 4]))).toThrow(
      "stage 1 has level 2, at which 2 heads and 2 channels are removed: no one level does",
    );
  });
});

describe("a mismatch is reported:", () => {
  test.each<[what: string, change: (files: AuthorsFiles) => unknown, message: string, expected?: Partial<Expected>]>([
    ["half a level", (files) => (files[LEVELS] = { "0": 1.5 }), `${LEVELS}: 0: Invalid input: expected int`],
    ["a gap", (files) => (files[LEVELS] = { "0": 1, "2": 3 }), `${LEVELS}: stage 1 is missing; there are 0, 2`],
    ["no stage", (files) => (files[LEVELS] = {}), `${LEVELS}: stage 0 is missing; there are none`],
    ["stages", untouched, `${LEVELS}: the number of stages is 3, expected 5`, { stages: 5 }],
    ["the sum", (files) => (files[LEVELS] = [1, 2, 2]), `${LEVELS}: the sum of the levels is 5, expected 6`],
    ["beyond H", (files) => (files[LEVELS] = [-1, 2, 5]), `${LEVELS}: stage 2 has level 5, not one of 0 … 4`],
    [
      "a ratio",
      (files) => (files[RATIOS] = [0.25, 0.6, 0.75]),
      `${RATIOS}: stage 1 has ratio 0.6, but level 2 of 4 is 0.5`,
    ],
    ["few ratios", (files) => (files[RATIOS] = [0.25]), `${RATIOS}: the number of stages is 1, expected 3`],
    ["no levels", without(LEVELS, RATIOS), `${LEVELS}: is missing, and ${RATIOS} as well`],
    ["H", meta({ H: 16 }), "meta.json: H is 16, expected 4"],
    ["no H", meta({ H: undefined }), "meta.json: H: Invalid input: expected number"],
    ["depth", meta({ depth: 28 }), "meta.json: depth is 28, expected 2"],
    ["heads", meta({ num_heads: 16 }), "meta.json: num_heads is 16, expected 4"],
    ["a method", meta({ prune_method: "taylor" }), 'meta.json: names the pruning method "taylor", which is not known'],
    ["methods", untouched, "meta.json: prune_method is wanda, expected secondorder", { method: "obs" }],
    ["mode", meta({ mode: "layerdrop" }), "meta.json: mode is layerdrop, expected secondorder"],
    [
      "borders",
      meta({
        stages: [
          [0, 99],
          [100, 549],
          [550, 999],
        ],
      }),
      "meta.json: stage 1 is 100 … 549, expected 333 … 666",
    ],
    ["stage counts", meta({ number_of_stages: 4 }), "meta.json: number_of_stages is 4, but stages lists 3"],
    [
      "model",
      meta({ studio: { k_mapping: "intended", model: "xyz" } }),
      "meta.json: studio.model is xyz, expected abc",
    ],
    ["timings", (files) => (files["timings.json"].num_stages = 4), "timings.json: num_stages is 4, expected 3"],
    [
      "no order",
      (files) => (files["orders_wanda.json"]["0"]["1"].attn_heads_order = [0, 1, 1, 2]),
      "orders_wanda.json: stage 0, block 1: attn_heads_order is no order of 0 … 3: 4 entries, 3 distinct",
    ],
    [
      "a block",
      (files) => Reflect.deleteProperty(files["orders_wanda.json"]["2"], "1"),
      "orders_wanda.json: the number of blocks of stage 2 is 1, expected 2",
    ],
    [
      "SDXL's orders",
      (files) => Object.assign(files["orders_wanda.json"]["1"], { "0": { attn1_heads_order: [] } }),
      "orders_wanda.json: 1.0.attn_heads_order: Invalid input",
    ],
    [
      "a candidate over budget",
      (files) => files["evolution.json"].generations[0]?.selections[0]?.pool[0]?.levels.fill(4),
      "evolution.json: generation 0, place 1: the sum of the levels is 12, expected 6",
    ],
  ])("%s", (_, change, message, expected) => {
    const refusal = { code: "corrupt-data", message: expect.stringContaining(`\n  ${message}`) };
    expect(() => read(change, expected)).toThrow(expect.objectContaining(refusal));
  });

  test("no JSON", () => {
    expect(() => readFolder("theirs", new Map([[LEVELS, "NaN"]]), EXPECTED)).toThrow(`${LEVELS}: is not JSON`);
  });

  test("all of them at once", () => {
    const wrong = (files: AuthorsFiles) => {
      files[LEVELS] = [1, 2, 5];
      files["meta.json"].H = 16;
      files["timings.json"].target_level = 8;
    };
    const lines = [
      "theirs: 5 mismatches; correct the files, or give the model and the stages that they were made for",
      "  meta.json: H is 16, expected 4",
      `  ${LEVELS}: stage 2 has level 5, not one of 0 … 4`,
      `  ${LEVELS}: the sum of the levels is 8, expected 6`,
      `  ${RATIOS}: stage 2 has ratio 0.75, but level 5 of 4 is 1.25`,
      "  timings.json: target_level is 8, expected 2",
    ];
    expect(() => read(wrong)).toThrow(lines.join("\n"));
  });

  test("what cannot be read at all, too", () => {
    const broken = (files: AuthorsFiles) => {
      meta({ mode: "?" })(files);
      files[RATIOS] = {};
      Reflect.deleteProperty(files["timings.json"], "seed");
    };
    expect(() => read(broken)).toThrow(/: 3 mismatches.*\n.*meta.json: mode: .*\n.*stage 0 is missing.*\n.*seed: /);
  });
});
