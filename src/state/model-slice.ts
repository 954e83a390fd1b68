// The loaded model and the file that a person dropped but has not loaded yet.

import type { LoadRequest, ModelCard, Progress } from "../engine/api.ts";
import { servedBy } from "../metrics/index.ts";
import { readAddress } from "./address.ts";
import type { Outside, Slice } from "./store.ts";

/** A dropped or picked file that waits for what its shapes do not tell. */
export interface PickedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}
export interface FileHints {
  readonly heads?: number | undefined;
  readonly prediction?: "epsilon" | "v" | undefined;
}

export interface ModelSlice {
  readonly model: {
    readonly card: ModelCard | undefined;
    readonly loading: Progress | undefined;
    readonly file: PickedFile | undefined;
  };
  loadDemo(): Promise<void>;
  offerFile(file: PickedFile): void;
  forgetFile(): void;
  loadFile(hints: FileHints): Promise<void>;
}

const FAILED = "The model was not loaded";

export function createModelSlice({ engine, place, demo }: Outside): Slice<ModelSlice> {
  let token = 0;
  let abort = new AbortController();
  /** A metric that the model could not serve: it comes back with a model that can. */
  let replaced: { readonly metric: string; readonly by: string } | undefined;
  return (write, read) => {
    const patch = (change: Partial<ModelSlice["model"]>) => write(({ model }) => ({ model: { ...model, ...change } }));

    async function load(request: LoadRequest): Promise<void> {
      abort.abort();
      abort = new AbortController();
      const mine = ++token;
      const loading: Progress = { type: "progress", phase: "load", label: "Loading the model", done: 0, total: 1 };
      patch({ loading, file: undefined });
      try {
        const card = await engine.load(request, (event) => mine === token && patch({ loading: event }), abort.signal);
        if (mine !== token) return;
        read().dismiss(FAILED);
        const other = read().model.card?.id !== card.id;
        patch({ card, loading: undefined });
        if (other) {
          const { run } = read();
          const ofOther = run.elsewhere?.stored === undefined || run.model?.id !== card.id;
          if (ofOther) read().forgetPictures();
          read().forgetGallery();
          suit(card);
          await showOwnRun(card);
          await read().drawRun();
        }
      } catch (error) {
        if (mine !== token) return;
        patch({ loading: undefined });
        read().report(FAILED, error);
      } finally {
        if (mine === token) await read().refresh();
      }
    }

    /** A run of another model has pictures and scores that say nothing about this one. */
    async function showOwnRun(card: ModelCard): Promise<void> {
      const { run, clear, openLast } = read();
      const shown = run.id !== undefined || run.elsewhere?.stored;
      if (!shown || run.model?.id === card.id) return;
      clear();
      await openLast();
    }

    /** A metric that needs a decoder cannot serve a model without one. */
    function suit(card: ModelCard): void {
      const { settings, choose, set } = read();
      const [first] = card.metrics;
      if (replaced && settings.metric.id === replaced.by && servedBy(card.metrics, replaced.metric)) {
        choose("metric", replaced.metric);
        replaced = undefined;
      }
      if (first !== undefined && !servedBy(card.metrics, settings.metric.id)) {
        replaced = { metric: settings.metric.id, by: first };
        choose("metric", first);
      }
      if (place.recall("settings") !== undefined || readAddress(place.readHash()).settings !== "") return;
      if (settings.steps !== card.defaults.steps) set("steps", card.defaults.steps);
      if (settings.guidance !== card.defaults.guidance) set("guidance", card.defaults.guidance);
    }

    return {
      model: { card: undefined, loading: undefined, file: undefined },
      loadDemo: () => load({ source: { kind: "bundle", base: demo } }),
      offerFile: (file) => patch({ file }),
      forgetFile: () => patch({ file: undefined }),
      async loadFile(hints) {
        const { file } = read().model;
        if (file) await load({ source: { kind: "file", ...file, ...hints } });
      },
    };
  };
}
