// The architecture, checked. The table is the rule: who may import what. `types of x` means `import type` only; a name
// with a slash and .ts is one file, another name is a folder of src, the rest are packages. Tests may import anything.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { distributions } from "./metrics/distribution/index.ts";
import { reports } from "./metrics/index.ts";
import { architectures } from "./models/index.ts";
import { pruners } from "./pruners/index.ts";
import { samplers } from "./samplers/index.ts";
import { searchers } from "./searchers/index.ts";

const TABLE = `
| who                | may import
| core               | core
| formats            | formats, core, fflate, zod/mini, @noble/hashes
| pruners            | pruners, core, formats
| samplers           | samplers, core, formats
| searchers          | searchers, core, formats
| models             | models, core, formats, types of samplers/sampler.ts, types of runtime/runtime.ts
| metrics            | metrics, core, formats, runtime/runtime.ts, models/classifier.ts
| runtime/runtime.ts | types of core
| storage/storage.ts | types of core
| runtime            | runtime, core, formats, onnxruntime-web, onnxruntime-node, onnxruntime-common, node:
| storage            | storage, core, idb-keyval, node:
| engine/api.ts      | types of core, types of searchers, types of runtime/runtime.ts, types of engine/bank-api.ts, types of engine/model-api.ts, types of engine/run-api.ts, types of engine/sample-api.ts, types of engine/study-api.ts
| engine/bank-api.ts | types of core, types of engine/api.ts
| engine/run-api.ts  | types of core, types of engine/api.ts
| engine/model-api.ts | types of core, types of models
| engine/sample-api.ts | types of core, types of engine/api.ts
| engine/study-api.ts | types of core, types of engine/api.ts
| engine             | engine, core, formats, pruners, samplers, searchers, metrics, models, runtime/runtime.ts, storage/storage.ts
| bridge             | bridge, core, types of engine/api.ts, types of pruners/pruner.ts, comlink
| offline            | offline
| state              | state, core, formats/csv.ts, formats/exchange, formats/run-file.ts, formats/study-sheets.ts, pruners, samplers, searchers, metrics, types of engine/api.ts, zustand
| report             | report, core, state/settings.ts, types of engine/api.ts
| ui                 | ui, report, state, core, pruners, samplers, searchers, metrics, types of engine/api.ts, react, react-dom, radix-ui, recharts, package.json
| cli/pictures/decode.ts | core, jpeg-js, pngjs
| cli/pictures/encode.ts | pngjs
| cli/environment.ts | cli, core, engine, pruners, runtime, storage, node:
| cli/bench/browser  | cli, core, engine, e2e, @playwright/test, lighthouse, vite, node:
| cli                | cli, report, core, formats, pruners, samplers, searchers, metrics, models, engine, runtime/runtime.ts, storage/storage.ts, package.json, node:
| main.tsx           | core, engine/api.ts, bridge, offline, state, ui, testing, storage, workers
| workers            | workers, core, engine, pruners, bridge, offline, runtime, storage, onnxruntime-web
| testing            | anything
`;

const SRC = import.meta.dirname;
const ROOT = dirname(SRC);
/** The numbers behind noise, patterns and weights: the standard library's transcendental functions differ by engine. */
const EXACT = /^(core\/(rng|patterns|math|noise)|models\/)/;
const PURE = /^(core|pruners|samplers|searchers|metrics|models)\//;

interface Row {
  readonly who: string;
  readonly may: readonly string[];
  readonly text: string;
}
const rows: readonly Row[] = TABLE.trim()
  .split("\n")
  .slice(1)
  .map((text) => {
    const [who = "", may = ""] = text.split("|").slice(1);
    return { who: who.trim(), may: may.split(",").map((name) => name.trim()), text };
  });

interface SourceFile {
  /** From src; of a worker: "workers/…". */
  readonly path: string;
  readonly text: string;
}
const filesUnder = (folder: string, shownAs: string): SourceFile[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => ({
      path: posix.join(shownAs, name.split(sep).join("/")),
      text: readFileSync(join(folder, name), "utf8"),
    }));
const all = [...filesUnder(SRC, ""), ...filesUnder(join(ROOT, "workers"), "workers")];
const isTest = ({ path }: SourceFile) => /\.(test|bench)\.tsx?$/.test(path);
const sources = all.filter((file) => !isTest(file));

interface Import {
  /** As the table writes it: a path from src, or a package. */
  readonly target: string;
  readonly typesOnly: boolean;
}
const STATEMENT = /(?:^|\n)\s*(import|export)(\s+type)?\b([^"'`;()]*?\bfrom\s+|\s+)["']([^"']+)["']/g;
const DYNAMIC = /\bimport\(\s*["']([^"']+)["']\s*\)|new URL\(\s*["'](\.[^"']+)["']/g;

function importsOf({ path, text }: SourceFile): Import[] {
  // A worker lies beside src: "workers/x" imports "../src/core/y".
  const resolve = (target: string) =>
    target.startsWith(".")
      ? posix
          .join(dirname(path), target)
          .replace(/^(\.\.\/)+/, "")
          .replace(/^src\//, "")
      : target;
  const statements = [...text.matchAll(STATEMENT)].map(([, , type, names = "", target = ""]) => {
    const named = /^\s*\{([^}]*)\}/.exec(names)?.[1];
    const parts = named?.split(",").filter((part) => part.trim() !== "");
    const typesOnly = type !== undefined || (parts?.every((part) => part.trim().startsWith("type ")) ?? false);
    return { target: resolve(target), typesOnly };
  });
  const dynamic = [...text.matchAll(DYNAMIC)].map(([, imported, url]) => ({
    target: resolve(imported ?? url ?? ""),
    typesOnly: false,
  }));
  return [...statements, ...dynamic].filter(({ target }) => !target.endsWith(".css"));
}

const within = (target: string, name: string) =>
  name === "anything" || target === name || target.startsWith(name.endsWith(":") ? name : `${name}/`);
const allows = (row: Row, { target, typesOnly }: Import) =>
  row.may.some((entry) =>
    entry.startsWith("types of ") ? typesOnly && within(target, entry.slice(9)) : within(target, entry),
  );
/** The row that names the file itself goes before the row of its folder. */
const rowOf = (path: string) =>
  rows.find(({ who }) => who === path) ?? rows.find(({ who }) => path.startsWith(`${who}/`));

describe("imports", () => {
  test("are found in every form", () => {
    const text = `import "./a.css";\nimport x, { type y } from "./b.ts";\nimport { type A, type B } from "../core/c.ts";
      export type { D } from "./d.ts"; const e = import("./e.ts"); new URL("./f.ts", import.meta.url)`;
    expect(importsOf({ path: "ui/x.ts", text })).toEqual([
      { target: "ui/b.ts", typesOnly: false },
      { target: "core/c.ts", typesOnly: true },
      { target: "ui/d.ts", typesOnly: true },
      { target: "ui/e.ts", typesOnly: false },
      { target: "ui/f.ts", typesOnly: false },
    ]);
  });

  test("every file has a row", () => {
    expect(sources.map(({ path }) => path).filter((path) => !rowOf(path))).toEqual([]);
  });

  test.each(rows)("$who", (row) => {
    const wrong = sources
      .filter(({ path }) => rowOf(path) === row)
      .flatMap((file) => importsOf(file).map((found) => ({ path: file.path, ...found })))
      .filter((found) => !allows(row, found))
      .map(({ path, target, typesOnly }) => `${path} imports ${typesOnly ? "types of " : ""}${target}`);
    expect(wrong, `the table says\n${TABLE.trim().split("\n")[0]}\n${row.text}\n`).toEqual([]);
  });
});

describe("shelves", () => {
  const methodsIn = (folder: string, noun: string) =>
    sources
      .map(({ path }) => new RegExp(`^${folder}/([^/]+)\\.ts$`).exec(path)?.[1])
      .filter((name) => name !== undefined && name !== "index" && name !== noun)
      .sort();

  test.each([
    ["pruners", pruners],
    ["samplers", samplers],
    ["searchers", searchers],
    ["metrics", reports],
    ["metrics/distribution", distributions],
  ] as const)("%s: every file is registered under its name, and nothing else is", (folder, shelf) => {
    expect([...shelf.ids].sort()).toEqual(methodsIn(folder, shelf.noun));
  });

  test("models: every architecture is a folder", () => {
    const folders = new Set(sources.map(({ path }) => /^models\/([^/]+)\//.exec(path)?.[1]).filter(Boolean));
    expect([...architectures.ids].sort()).toEqual([...folders].sort());
  });
});

/** Lines of code that match, without comments. */
function linesWith(pattern: RegExp, chosen: (path: string) => boolean): string[] {
  return sources
    .filter(({ path }) => chosen(path))
    .flatMap(({ path, text }) =>
      text
        .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
        .split("\n")
        .map((line, index) => ({ line: line.replace(/\/\/.*/, ""), at: `${path}:${index + 1}` }))
        .filter(({ line }) => pattern.test(line))
        .map(({ line, at }) => `${at} ${line.trim()}`),
    );
}

describe("purity", () => {
  test("chance and time come from outside", () => {
    expect(linesWith(/Math\.random|Date\.now|new Date|performance\.|console\./, (path) => PURE.test(path))).toEqual([]);
  });

  test("nothing in core and on the shelves waits, except metrics for the device", () => {
    expect(linesWith(/\bawait\b|\basync\b/, (path) => PURE.test(path) && !path.startsWith("metrics/"))).toEqual([]);
  });

  test("numbers that must be the same everywhere use core/math.ts", () => {
    const pattern = /Math\.(log|log2|log10|log1p|exp|expm1|sin|cos|tan|pow|tanh|sinh|cosh|cbrt|atan2?)\b/;
    expect(linesWith(pattern, (path) => EXACT.test(path))).toEqual([]);
  });
});

describe("size", () => {
  const longer = (lines: number, files: readonly SourceFile[]) =>
    files.map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 })).filter((file) => file.lines > lines);

  test("no file is longer than 300 lines", () => {
    expect(longer(300, all)).toEqual([]);
  });

  test("roots hold no logic: 40 lines", () => {
    const roots = sources.filter(({ path }) => path === "main.tsx" || path.startsWith("workers/"));
    expect(roots.length).toBeGreaterThan(2);
    expect(longer(40, roots)).toEqual([]);
  });
});

test("a relative import names its file with the extension", () => {
  const targets = sources.flatMap(({ path, text }) =>
    [...text.matchAll(/(?:from|import)\s+["'](\.[^"']+)["']/g)].map(([, target]) => `${path}: ${target}`),
  );
  expect(targets.filter((target) => !/\.(tsx?|mjs|css|json)(\?.*)?$/.test(target))).toEqual([]);
});
