// Settings as a person changes them, and what the engine says a search with them would take.

import { StudioError } from "../core/errors.ts";
import type { OptionValue } from "../core/options.ts";
import type { PresetId } from "../core/presets.ts";
import type { Estimate } from "../engine/api.ts";
import { readAddress } from "./address.ts";
import { noticeOf } from "./notice.ts";
import { selectProblem } from "./selectors.ts";
import {
  choiceOf,
  decodeSettings,
  encodeSettings,
  type SettingName,
  type Settings,
  type ShelfName,
  withPreset,
  withSetting,
  withWarm,
} from "./settings.ts";
import type { Outside, Slice } from "./store.ts";

export interface SettingsSlice {
  readonly settings: Settings;
  /** Of the current settings on the current model and device; undefined while unknown. */
  readonly estimate: Estimate | undefined;
  set(name: SettingName, value: OptionValue): void;
  choose(shelf: ShelfName, id: string): void;
  setOption(shelf: ShelfName, key: string, value: OptionValue): void;
  usePreset(id: PresetId): void;
  /** Takes all settings from a link, unless it says nothing of them, and tells which cannot be used. */
  openLink(address: ReturnType<typeof readAddress>): void;
  /** Searches start from the winner of this run too; from no earlier one when it is undefined. */
  warmFrom(run: string | undefined): Promise<void>;
  /** Takes all settings from a finished or stored run. */
  adopt(settings: Settings): void;
  /** Asks for a new estimate and draws the dense pictures again where settings ask for others. */
  settle(): Promise<void>;
}

export function createSettingsSlice({ engine, place }: Outside): Slice<SettingsSlice> {
  let token = 0;
  return (write, read) => ({
    // A link wins over what this browser remembers.
    settings: decodeSettings(readAddress(place.readHash()).settings || (place.recall("settings") ?? "")).settings,
    estimate: undefined,
    set: (name, value) => write(({ settings }) => ({ settings: withSetting(settings, name, value) })),
    choose: (shelf, id) => write(({ settings }) => ({ settings: { ...settings, [shelf]: choiceOf(shelf, id) } })),
    setOption(shelf, key, value) {
      write(({ settings }) => {
        const { id, options } = settings[shelf];
        return { settings: { ...settings, [shelf]: { id, options: { ...options, [key]: value } } } };
      });
    },
    usePreset: (id) => write(({ settings }) => ({ settings: withPreset(settings, id) })),
    openLink({ settings: text, problems: others }) {
      const { settings, problems } = decodeSettings(text);
      if (text !== "" && encodeSettings(settings) !== encodeSettings(read().settings)) write({ settings });
      const wrong = [...others, ...problems];
      if (wrong.length > 0) read().report("Some settings in the link were ignored", new Error(wrong.join("; ")));
    },
    async warmFrom(run) {
      if (run === undefined) return write(({ settings }) => ({ settings: withWarm(settings, []) }));
      try {
        const result = await engine.run(run);
        if (!result) throw new StudioError("missing-data", `run ${run}: has no winner yet; finish it first`);
        const winner = { division: result.space.division, levels: result.best.levels };
        write(({ settings }) => ({ settings: withWarm(settings, [winner]) }));
      } catch (error) {
        read().report("The earlier winner could not be read", error);
      }
    },
    adopt: (settings) => write({ settings }),
    async settle() {
      const mine = ++token;
      const { model, run, work, settings, drawDense } = read();
      if (!model.card || run.phase !== "idle" || work) return;
      drawDense();
      if (selectProblem(read())) return write({ estimate: undefined });
      try {
        const estimate = await engine.estimate(settings);
        if (mine === token) write({ estimate });
      } catch (error) {
        // An estimate is a courtesy: a failure leaves the field empty and says why only in the session's log.
        if (mine === token) write({ estimate: undefined });
        read().log(noticeOf("The time could not be estimated", error));
      }
    },
  });
}
