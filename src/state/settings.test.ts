import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { presetIds } from "../core/presets.ts";
import { uniformDivision } from "../core/schedule.ts";
import {
  choiceOf,
  decodeSettings,
  defaultSettings,
  encodeSettings,
  presetOf,
  type Settings,
  settingOf,
  settingOptions,
  shelves,
  withPreset,
  withSetting,
  withWarm,
} from "./settings.ts";

const anySchedule = fc
  .array(fc.nat(28), { minLength: 1, maxLength: 12 })
  .map((levels) => ({ division: uniformDivision(levels.length, 1000), levels }));
const anySettings: fc.Arbitrary<Settings> = fc
  .record({
    stages: fc.integer({ min: 1, max: 50 }),
    target: fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100),
    seed: fc.integer({ min: 0, max: settingOptions.seed.max }),
    guidance: fc.constantFrom(1, 1.5, 7.25),
    pruner: fc.constantFrom(...shelves.pruner.ids).map((id) => choiceOf("pruner", id)),
    metric: fc
      .constantFrom(...shelves.metric.ids, "0.5 ssim + 0.5 latent-snr", "latent-cosine at least 0.88, then fft")
      .map((id) => choiceOf("metric", id)),
    searcher: fc.constantFrom("evolution", defaultSettings().searcher.id).map((id) => choiceOf("searcher", id)),
    generations: fc.integer({ min: 1, max: 500 }),
    start: fc.constantFrom("hybrid", "random"),
    storage: fc.constantFrom(undefined, "f16" as const),
    budget: fc.constantFrom(undefined, "steps" as const),
    warm: fc.option(fc.array(anySchedule, { minLength: 1, maxLength: 3 }), { nil: undefined }),
  })
  .map(({ generations, start, searcher, ...rest }) => {
    const { options } = searcher;
    const own = { ...options, generations, ...(options && "start" in options && { start }) };
    return { ...defaultSettings(), ...rest, searcher: { ...searcher, options: own } };
  });

describe("a link", () => {
  test("gives back the settings it was made of", () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const { settings: read, problems } = decodeSettings(encodeSettings(settings));
        expect(problems).toEqual([]);
        expect(read).toEqual(settings);
      }),
    );
  });

  test("leaves the usual storage out: a request from before there was a choice is the same one", () => {
    const usual = JSON.stringify(defaultSettings());
    expect(usual).not.toContain("storage");
    const half = withSetting(defaultSettings(), "storage", "f16");
    expect(encodeSettings(half)).toBe("storage=f16");
    expect(JSON.stringify(withSetting(half, "storage", "f32"))).toBe(usual);
    expect(JSON.stringify(decodeSettings("storage=f32").settings)).toBe(usual);
    expect(settingOf(defaultSettings(), "storage")).toBe("f32");
  });

  test("races in chunks for which there are probes", () => {
    const raced = withSetting(defaultSettings(), "racing", 0.9);
    expect(raced.racing).toEqual({ confidence: 0.9, chunk: 2 });
    const many = withSetting(raced, "probes", 64);
    expect(many.racing).toEqual({ confidence: 0.9, chunk: 4 });
    expect(decodeSettings(encodeSettings(many)).settings).toEqual(many);
    expect(withSetting(many, "racing", 0).racing).toBeUndefined();
  });

  test("asks for the same run whatever was set first", () => {
    const warm = [{ division: uniformDivision(2, 1000), levels: [3, 9] }];
    const stored: Settings = JSON.parse(JSON.stringify({ ...defaultSettings(), seed: 4 })); // what was absent is gone
    const ways = [
      withWarm(withSetting(withSetting(defaultSettings(), "seed", 4), "budget", "steps"), warm),
      withSetting(withSetting(withWarm(defaultSettings(), warm), "budget", "steps"), "seed", 4),
      withWarm(withSetting(stored, "budget", "steps"), warm),
      decodeSettings("warm=1000:3-9&budget=steps&seed=4").settings,
    ];
    expect(new Set(ways.map((settings) => JSON.stringify(settings))).size).toBe(1);
    const twice = [stored, defaultSettings()].map((from) =>
      withSetting(withSetting({ ...from, seed: 4 }, "budget", "steps"), "storage", "f16"),
    );
    expect(JSON.stringify(twice[0])).toBe(JSON.stringify(twice[1]));
    const undone = withWarm(withSetting(ways[0] as Settings, "budget", "levels"), []);
    expect(JSON.stringify(undone)).toBe(JSON.stringify(stored));
  });

  test("is empty for the defaults and names only what differs", () => {
    expect(encodeSettings(defaultSettings())).toBe("");
    expect(encodeSettings({ ...defaultSettings(), seed: 7 })).toBe("seed=7");
  });

  test.each([
    ["stages=0", /stages: 0 is not an integer in \[1, 50\]/],
    ["stages=ten", /stages: null is not|stages: NaN is not/],
    ["target=2", /target: 2 is not a number in/],
    ["pruner=magic", /pruner "magic" does not exist/],
    ["searcher.speed=9", /searcher\.speed: there is no such setting/],
    ["colour=red", /colour: there is no such setting/],
    ["metric.mode=best", /"best" is not one of/],
    ["budget=pictures", /"pictures" is not one of levels, steps/],
    ["warm=10-9-8", /warm: "10-9-8" is no schedule to start from; write timesteps and levels/],
    ["storage=f8", /storage: "f8" is not one of f32, f16/],
  ])("%s is refused and named, the rest is used", (part, message) => {
    const { settings, problems } = decodeSettings(`seed=3&${part}`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
    expect(settings).toEqual({ ...defaultSettings(), seed: 3 });
  });
});

describe("presets", () => {
  test.each(presetIds)("%s is recognised whatever else is set", (id) => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(presetOf(withPreset(settings, id))).toBe(id);
      }),
    );
  });

  test.each(shelves.searcher.ids)("say of %s only what it has", (id) => {
    const settings = { ...defaultSettings(), searcher: choiceOf("searcher", id) };
    for (const preset of presetIds) {
      const { searcher } = withPreset(settings, preset);
      expect(Object.keys(searcher.options ?? {})).toEqual(Object.keys(shelves.searcher.get(searcher.id).options));
    }
  });
  test("the paper's is its evolution", () => {
    const { searcher } = withPreset({ ...defaultSettings(), searcher: choiceOf("searcher", "bayesian") }, "paper");
    expect(searcher).toMatchObject({ id: "evolution", options: { survivors: 4, offspring: 16, generations: 100 } });
  });
  test("a changed number is nobody's preset", () => {
    expect(presetOf({ ...defaultSettings(), probes: 5 })).toBeUndefined();
  });
});
