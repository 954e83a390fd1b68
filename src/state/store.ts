// The one store of the page. Slices hold the data and the actions; actions call the engine and write their own slice.
// Anything that reacts to a change of data is listed in `react` below, nowhere else.

import { createStore, type StateCreator, type StoreApi } from "zustand/vanilla";
import type { Milliseconds } from "../core/tensor.ts";
import type { Engine } from "../engine/api.ts";
import { readAddress, writeAddress } from "./address.ts";
import { type BanksSlice, createBanksSlice } from "./banks-slice.ts";
import { type ComfortSlice, createComfortSlice } from "./comfort-slice.ts";
import { type CompareSlice, createCompareSlice, usualSides } from "./compare-slice.ts";
import { createEditorSlice, type EditorSlice } from "./editor-slice.ts";
import { createElsewhereSlice, type ElsewhereSlice } from "./elsewhere-slice.ts";
import { createEvaluationSlice, type EvaluationSlice } from "./evaluation-slice.ts";
import { createGallerySlice, type GallerySlice } from "./gallery-slice.ts";
import { createLibrarySlice, type LibrarySlice } from "./library-slice.ts";
import { createMatrixSlice, type MatrixSlice } from "./matrix-slice.ts";
import { createModelSlice, type ModelSlice } from "./model-slice.ts";
import { createPickSlice, type PickSlice } from "./pick-slice.ts";
import { memoryPlace, type Place } from "./place.ts";
import { createRunSlice, type RunSlice } from "./run-slice.ts";
import { createSamplesSlice, type SamplesSlice } from "./samples-slice.ts";
import { createSensitivitySlice, type SensitivitySlice } from "./sensitivity-slice.ts";
import { createSessionSlice, type SessionSlice } from "./session-slice.ts";
import { encodeSettings } from "./settings.ts";
import { createSettingsSlice, type SettingsSlice } from "./settings-slice.ts";
import type { Showcase } from "./showcase.ts";
import { createSketchSlice, type SketchSlice } from "./sketch-slice.ts";
import { createSweepSlice, type SweepSlice } from "./sweep-slice.ts";
import { createTourSlice, type TourSlice } from "./tour-slice.ts";
import { createUpdateSlice, type UpdateSlice } from "./update-slice.ts";
import { createViewSlice, type ViewSlice } from "./view-slice.ts";
import { createVoteSlice, type VoteSlice } from "./vote-slice.ts";
import { createWorkSlice, selectBusy, type WorkSlice } from "./work-slice.ts";

export interface StudioState
  extends ViewSlice,
    SettingsSlice,
    SessionSlice,
    ModelSlice,
    RunSlice,
    SamplesSlice,
    BanksSlice,
    WorkSlice,
    UpdateSlice,
    SensitivitySlice,
    PickSlice,
    EditorSlice,
    SketchSlice,
    SweepSlice,
    EvaluationSlice,
    ElsewhereSlice,
    LibrarySlice,
    GallerySlice,
    CompareSlice,
    MatrixSlice,
    VoteSlice,
    TourSlice,
    ComfortSlice {}
export type StudioStore = StoreApi<StudioState>;
export type Slice<T> = StateCreator<StudioState, [], [], T>;

/** What slices reach beyond their own data. */
export interface Outside {
  readonly engine: Engine;
  readonly place: Place;
  /** Where the demo model lies. */
  readonly demo: string;
  /** What a first visit sees; undefined for nothing. */
  readonly showcase?: Showcase | undefined;
}

/** Milliseconds without a change after which settings take effect on the estimate and on the dense pictures. */
const SETTLED = 400;

export function createStudioStore(
  engine: Engine,
  place: Place = memoryPlace(),
  demo = "models/tiny-worlds/",
  showcase?: Showcase,
): StudioStore {
  const outside: Outside = { engine, place, demo, showcase };
  const store = createStore<StudioState>()((...tools) => ({
    ...createViewSlice(outside)(...tools),
    ...createSettingsSlice(outside)(...tools),
    ...createSessionSlice(outside)(...tools),
    ...createModelSlice(outside)(...tools),
    ...createRunSlice(outside)(...tools),
    ...createSamplesSlice(outside)(...tools),
    ...createBanksSlice(outside)(...tools),
    ...createWorkSlice()(...tools),
    ...createUpdateSlice()(...tools),
    ...createSensitivitySlice(outside)(...tools),
    ...createPickSlice()(...tools),
    ...createEditorSlice(outside)(...tools),
    ...createSketchSlice(outside)(...tools),
    ...createSweepSlice(outside)(...tools),
    ...createEvaluationSlice(outside)(...tools),
    ...createElsewhereSlice(outside)(...tools),
    ...createLibrarySlice(outside)(...tools),
    ...createGallerySlice(outside)(...tools),
    ...createCompareSlice(outside)(...tools),
    ...createMatrixSlice()(...tools),
    ...createVoteSlice()(...tools),
    ...createTourSlice(outside)(...tools),
    ...createComfortSlice(outside)(...tools),
  }));
  react(store, outside);
  return store;
}

/** How often work that is under way is asked whether its storage answers. */
const LOOK: Milliseconds = 1000;

function react(store: StudioStore, { place }: Outside): void {
  let looking: ReturnType<typeof setInterval> | undefined;
  let settle: ReturnType<typeof setTimeout> | undefined;
  let writing: ReturnType<typeof setTimeout> | undefined;
  place.follow((how) => {
    const address = readAddress(place.readHash());
    store.getState().goTo(address.view);
    if (how === "link") store.getState().openLink(address);
    if (how === "link") void store.getState().linkComparison(address);
    if (how === "link" && address.levels) store.getState().takeLevels(address.levels);
    addressIn(place, store.getState()); // going back leaves settings and schedule as they are
  });
  store.subscribe((now, before) => {
    const moved =
      now.settings !== before.settings ||
      now.view !== before.view ||
      now.editor !== before.editor ||
      now.compare.sides !== before.compare.sides;
    if (moved) {
      clearTimeout(writing);
      // A drag changes more in a second than a browser takes of an address.
      if (now.editor.gesture) writing = setTimeout(() => addressIn(place, store.getState()), SETTLED);
      else addressIn(place, now);
    }
    if (now.view === "search" && before.view !== "search") now.drawDense(); // of the run's settings again
    if (now.view === "explore" && now.sketch.live) void now.drawSketch();
    const drawn = now.samples.rows.searched?.grid !== before.samples.rows.searched?.grid;
    if (drawn || now.run.result !== before.run.result) void now.keepWinner();
    now.drawComparison();
    now.drawMatrix();
    if (now.settings !== before.settings) {
      place.keep("settings", encodeSettings(now.settings));
      store.setState({ estimate: undefined }); // it was of other settings
    }
    if (selectBusy(now) && !selectBusy(before)) looking = setInterval(() => void now.look(), LOOK);
    if (!selectBusy(now)) clearInterval(looking);
    if (isCalibrating(before) && !isCalibrating(now)) void now.refreshBanks(); // whether it finished or not
    if (now.settings === before.settings && now.model.card === before.model.card) return;
    clearTimeout(settle);
    settle = setTimeout(() => void store.getState().settle(), now.model.card === before.model.card ? SETTLED : 0);
  });
}

/** Another view is another entry of the history. */
function addressIn(place: Place, { view, settings, editor, compare }: StudioState): void {
  const { levels, free } = editor.history.now;
  const sides = compare.sides.join() === usualSides.join() ? undefined : compare.sides;
  const hash = writeAddress({ view, levels, free, sides, settings: encodeSettings(settings) });
  if (readAddress(place.readHash()).view === view) place.writeHash(hash);
  else place.pushHash(hash);
}

function isCalibrating({ run: { progress } }: StudioState): boolean {
  return progress?.phase === "calibrate" || progress?.phase === "factor";
}
