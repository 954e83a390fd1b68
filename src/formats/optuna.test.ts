import { expect, test } from "vitest";
import fixture from "../testing/fixtures/optuna-journal.json" with { type: "json" };
import { type Study, toOptunaJournal } from "./optuna.ts";

const trial = (levels: readonly number[], value: number, complete: boolean, attributes: object) => ({
  params: new Map(levels.map((level, stage) => [`stage_${stage}`, level])),
  value,
  complete,
  step: 0,
  attributes: { ...attributes },
});
/** The study of make/optuna_journal.py. */
const study: Study = {
  name: "name",
  high: 4,
  attributes: { run: "r" },
  trials: [
    trial([1, 2], 0.5, true, { origin: "uniform", scores: [0.25, 0.75] }),
    trial([0, 0], 0.875, false, { origin: "probe", scores: [0.75, 1] }),
    trial([2, 1], 1 / 3, true, { origin: "mutation", scores: [1 / 3, 1 / 3] }),
  ],
};

/** Distributions are JSON within JSON; who wrote a line differs. */
const comparable = ({ worker_id: _, distributions, ...operation }: Record<string, unknown>) => ({
  ...operation,
  ...(distributions !== undefined && {
    distributions: Object.entries(distributions as Record<string, string>).map(([name, text]) => [
      name,
      JSON.parse(text),
    ]),
  }),
});

test("a study is the journal that Optuna writes of it, operation by operation", () => {
  const text = toOptunaJournal(study);
  expect(text.endsWith("\n")).toBe(true);
  const lines = text.trimEnd().split("\n");
  const operations = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(operations.map(comparable)).toEqual(fixture.operations.map(comparable));
  for (const { worker_id } of operations) expect(worker_id).toBe("diff-es-studio");
});

test("a study without trials is one that was begun", () => {
  const lines = toOptunaJournal({ ...study, trials: [] })
    .trimEnd()
    .split("\n");
  expect(lines.map((line) => JSON.parse(line).op_code)).toEqual([0, 2]);
});
