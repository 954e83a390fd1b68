// A table on the demo model, with the pruner that needs no factors.

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bench } from "../../commands/bench.ts";
import { openEngine } from "../../environment.ts";
import { parseFlags } from "../../flags.ts";
import { decodePicture } from "../../pictures/decode.ts";
import type { MethodId } from "./methods.ts";
import { denseRow, requestAt } from "./scale.ts";
import { type Table, type TableReport, tableBench } from "./table.ts";

const MODEL = "public/models/tiny-worlds";
const METHODS = ["ramp_down", "three-stage", "searched"] as const satisfies readonly MethodId[];

const small: Table = {
  help: "every kind of row",
  columns: ["schedule"],
  rows(card, scale) {
    const found = requestAt(scale, card, { pruner: { id: "layerdrop" }, stages: 5 });
    const used = { ...found, steps: 10, sampler: { id: "dpm-solver" } };
    const shared = { found, pictures: 12, shown: true };
    return [
      denseRow({ ...scale, pictures: 12 }, card, 0, ["dense"]),
      ...METHODS.map((method) => ({ ...shared, cells: [method], method })),
      { ...shared, cells: ["fewer steps"], method: "searched" as const, used },
    ];
  },
  claims: () => [{ says: "searched better than ramp down", better: ["searched"], worse: ["ramp_down"] }],
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "diff-es-table-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** @param at sees the number of a row when its turn comes */
async function run(at: (row: number) => void, signal: AbortSignal, ...words: string[]): Promise<TableReport> {
  const { engine, runtime, storage } = await openEngine("cpu", folder, 1);
  try {
    const flags = parseFlags(bench.flags, ["--name", "table1", "--scale", "nano", ...words]);
    const source = { kind: "bundle", base: `${MODEL}/` } as const;
    const card = await engine.load({ source }, () => {}, signal);
    const report = (line: string) => {
      const row = /^row (\d+)/.exec(line)?.[1];
      if (row) at(Number(row));
    };
    const tools = { engine, runtime, storage, folder, card, source, flags };
    return await tableBench(small).run(tools, { signal, report });
  } finally {
    await engine.close();
  }
}

test("goes on at the row that it was stopped at, and says what it has until then", async () => {
  const stop = new AbortController();
  await expect(run((row) => row === 3 && stop.abort(), stop.signal)).rejects.toThrow(/abort/i);
  const never = new AbortController().signal;
  const part = await run(() => expect.fail("nothing is measured"), never, "--stored");
  expect([part.rows.length, part.total]).toEqual([2, 5]);
  expect(part.predictedCoreHours).toBeUndefined();
  expect(part.claims).toEqual([]);

  const measured: number[] = [];
  const picture = join(folder, "sheet.png");
  const whole = await run((row) => measured.push(row), never, "--picture", picture);
  expect(measured).toEqual([3, 4, 5]);
  expect(whole.predictedCoreHours).toBeGreaterThan(0);
  expect(whole.rows.slice(0, 2)).toEqual(part.rows);
  expect((await readdir(join(folder, "rows"))).length).toBe(2 * 5);

  const [dense, ...pruned] = whole.rows;
  expect(dense?.values).toMatchObject({ ssim: 1, "latent-mse": 0 });
  const fewer = pruned.at(-1);
  const searched = pruned.at(-2);
  for (const { macs, denseMacs } of pruned.slice(0, -1)) {
    expect(macs / denseMacs).toBeCloseTo((pruned[0]?.macs as number) / denseMacs, 1);
    expect(macs).toBeLessThan(denseMacs);
  }
  expect(fewer?.macs).toBe((searched?.macs as number) / 2);
  expect(fewer?.schedule).toEqual(searched?.schedule);
  expect([searched?.levels.length, fewer?.levels.length]).toEqual([20, 10]);
  expect(Object.keys(dense?.values ?? {})).toEqual(expect.arrayContaining(["fid", "kid", "recall", "ssim-grey"]));
  expect(whole.claims.map(({ metric }) => metric)).toEqual(["fid", "ssim"]);

  const { width, height } = decodePicture("sheet", await readFile(picture));
  expect([width, height]).toEqual([10 * 64, 5 * 64]);
}, 240_000);
