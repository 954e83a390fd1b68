// Whatever can be set says why it is there: in sentences, in words that end, and with sources that exist.

import { describe, expect, test } from "vitest";
import type { Explained } from "../core/options.ts";
import { settingOptions, shelves } from "../state/settings.ts";
import { why } from "./why.ts";

const methods = Object.entries(shelves).flatMap(([name, shelf]) =>
  shelf.ids.flatMap((id): [string, Explained][] => {
    const method = shelf.get(id);
    return [
      [`${name} ${id}`, method],
      ...Object.entries(method.options).map(([key, option]): [string, Explained] => [`${name} ${id}.${key}`, option]),
    ];
  }),
);
const all: readonly (readonly [string, Explained])[] = [
  ...Object.entries(why).map(([key, entry]) => [`control ${key}`, entry] as const),
  ...Object.entries(settingOptions).map(([key, option]) => [`setting ${key}`, option] as const),
  ...methods,
];

describe("why", () => {
  test.each(all)("%s: says it in sentences", (_, { help }) => {
    expect(help).toMatch(/^\S.{15,}\.$/s);
  });

  const place = /(§[1-5](\.\d)?|Eq\. \(?\d+\)?(-\d+)?|§[1-5](\.\d)?, Eq\. \d+(-\d+)?|Appendix [A-F])$/.source;
  test.each(all.filter(([, { source }]) => source !== undefined))("%s: names a place in a paper", (_, { source }) => {
    expect(source).toMatch(new RegExp(`^(Diff-ES |.+ \\(arXiv \\d{4}\\.\\d{5}\\), )${place}`));
  });

  test("the methods of the paper name their place in it", () => {
    for (const id of ["obs", "layerdrop", "wanda"]) expect(shelves.pruner.get(id).source).toBeDefined();
    expect(shelves.searcher.get("evolution").source).toBe("Diff-ES §3.2");
    expect(shelves.metric.get("ssim").equation).toContain("σ");
  });
});
