import { describe, expect, test } from "vitest";
import { search } from "../cli/commands/search.ts";
import { parseFlags } from "../cli/flags.ts";
import { searchingOf } from "../cli/search-flags.ts";
import type { ModelCard, SearchRequest } from "../engine/api.ts";
import { choiceOf, defaultSettings, shelves, withPreset, withSetting } from "../state/settings.ts";
import { commandsOf, searchArguments } from "./command.ts";

const model = ["--model", "public/models/tiny-worlds"];

/** What the command line makes of a request's own flags. */
async function readBack(request: SearchRequest): Promise<SearchRequest> {
  const flags = parseFlags(search.flags, [...model, "--out", "x", ...searchArguments(request)]);
  return { ...(await searchingOf(flags, { hasDecoder: true } as ModelCard)), target: flags.number("target") };
}

describe("flags of a request are that request again", () => {
  const usual = defaultSettings();
  const unusual = [
    withPreset(usual, "paper"),
    withSetting(withSetting(withSetting(usual, "budget", "steps"), "storage", "f16"), "racing", 0.9),
    { ...usual, metric: { id: "0.5 ssim + 0.5 latent-cosine", options: { mode: "suffix" } } },
    { ...usual, target: 0.37, seed: 2 ** 31 - 1, guidance: 1.5, steps: 7 },
  ];
  test.each([usual, ...unusual])("%#", async (request) => expect(await readBack(request)).toEqual(request));

  const methods = (["pruner", "searcher", "sampler"] as const).flatMap((noun) =>
    shelves[noun].ids.map((id) => [noun, id] as const),
  );
  test.each(methods)("with the %s %s", async (noun, id) => {
    const request = { ...usual, [noun]: choiceOf(noun, id) };
    expect(await readBack(request)).toMatchObject({ [noun]: request[noun] });
  });
});

test("a run that was forked takes one command more for each fork, in the bank of the first", () => {
  const forks = [
    { of: "aaaa", at: 2, seed: 7, options: { offspring: 3 } },
    { of: "bbbb", at: 5, seed: 8, options: {} },
  ];
  const commands = commandsOf({ run: "cccc", request: defaultSettings(), forks, model, backend: "wasm" });
  const words = commands.map((command) => command.replaceAll(/\s*\\\n\s*/g, " "));
  expect(words[0]).toMatch(/^npm run -s cli -- search --model \S+ --backend wasm .* --out runs\/aaaa$/);
  expect(words.slice(1)).toEqual([
    "npm run -s cli -- search --model public/models/tiny-worlds --backend wasm --bank runs/aaaa --fork aaaa --at 2 --seed 7 --searcher.offspring 3 --out runs/bbbb",
    "npm run -s cli -- search --model public/models/tiny-worlds --backend wasm --bank runs/aaaa --fork bbbb --at 5 --seed 8 --out runs/cccc",
  ]);
});

test("words that a shell would take apart are quoted, and no line is wider than a page", () => {
  const request = { ...defaultSettings(), metric: { id: "0.5 ssim + 0.5 fft" } };
  const [command = ""] = commandsOf({ run: "a", request, model: ["--model", "it's.safetensors"], backend: "cpu" });
  expect(command).toContain("--metric '0.5 ssim + 0.5 fft'");
  expect(command).toContain("--model 'it'\\''s.safetensors'");
  for (const line of command.split("\n")) expect(line.length).toBeLessThan(94);
});
