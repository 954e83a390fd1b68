// What tables ask for, before anything is measured.

import { beforeAll, describe, expect, test } from "vitest";
import { weightedLevels } from "../../../core/schedule.ts";
import { reachedBy } from "../../../core/space.ts";
import { plan } from "../../../engine/experiment.ts";
import { type LoadedModel, loadModel } from "../../../engine/load.ts";
import { bench } from "../../commands/bench.ts";
import { readModelFile } from "../../environment.ts";
import { parseFlags, UsageError } from "../../flags.ts";
import { tables } from "./index.ts";
import { rowId, usedIn } from "./row.ts";
import { type TableScaleId, tableScales } from "./scale.ts";

const DEVICE = {
  backend: "cpu",
  name: "",
  software: false,
  fp16: false,
  threads: 1,
  maxBufferBytes: 0,
  reason: "",
} as const;
let model: LoadedModel;
beforeAll(async () => {
  model = await loadModel({ kind: "bundle", base: "public/models/tiny-worlds/" }, readModelFile, () => {});
});

describe.each(Object.entries(tables))("%s", (_, table) => {
  const rowsAt = (scale: TableScaleId, seeds?: number) => table.rows(model.card, tableScales[scale], seeds);

  test.each(Object.keys(tableScales) as TableScaleId[])(
    "%s: every row can be found and used, and none is asked for twice",
    (scale) => {
      const rows = rowsAt(scale);
      for (const row of rows) {
        expect(row.cells.length).toBe(table.columns.length);
        for (const request of [row.found, usedIn(row)]) plan(model, request);
      }
      const ids = rows.map((row) => rowId(model, DEVICE, row));
      expect(new Set(ids).size).toBe(ids.length);
      const names = rows.map(({ cells, found }) => JSON.stringify([cells, found.seed]));
      expect(new Set(names).size).toBe(names.length);
    },
  );

  test("claims are about rows that it has", () => {
    const rows = rowsAt("nano", 1);
    const names = rows.map(({ cells }) => cells);
    for (const { better, worse } of table.claims(rows)) {
      expect(names).toContainEqual(better);
      expect(names).toContainEqual(worse);
    }
  });

  test("schedules of one budget cost alike: stages have as many steps as each other, or the budget counts steps", () => {
    for (const { found, used = found } of rowsAt("demo")) {
      const { search, mosaic, space, maxLevel } = plan(model, used);
      expect(new Set(search.stepsPerStage).size === 1 || used.budget === "steps").toBe(true);
      const steps = used.steps * maxLevel;
      const spent = weightedLevels(mosaic.levels, mosaic.stepsPerStage) / steps;
      expect(Math.abs(spent - reachedBy(space)) * steps).toBeLessThanOrEqual(1); // its stages need not divide evenly
    }
  });
});

test("what two tables have in common is one row", () => {
  const scale = tableScales.demo;
  const idsOf = (table: keyof typeof tables) =>
    tables[table].rows(model.card, scale, 1).map((row) => rowId(model, DEVICE, row));
  const known = new Set(idsOf("table1"));
  const shared = (table: keyof typeof tables) => idsOf(table).filter((id) => known.has(id)).length;
  expect(shared("combine")).toBe(3); // dense, uniform and searched at all steps
  expect(shared("greedy")).toBe(5); // dense, evolution, uniform, MosaicDiff, best three stages
  expect(shared("settings")).toBe(2); // dense and the base
  expect(shared("transfer")).toBe(3); // each pruner where it was searched
});

test.each([
  [["factor", "--markdown"], /factor is no table, as table1, combine/],
  [["quick", "--stored"], /quick is no table/],
  [["table1", "--stored"], /--stored: needs the --folder/],
])("wrong use: %s", async (words, message) => {
  const flags = parseFlags(bench.flags, ["--name", ...words]);
  const context = { signal: new AbortController().signal, report: () => {} };
  const refused = bench.run(flags, context);
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(message);
});
