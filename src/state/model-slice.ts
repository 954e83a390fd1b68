// The loaded model and the file that a person dropped but has not loaded yet.

import type { LoadRequest, ModelCard, Progress } from "../engine/api.ts";
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

export function createModelSlice({ engine, place, demo }: Outside): Slice<ModelSlice> {
  let token = 0;
  let abort = new AbortController();
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
        const other = read().model.card?.id !== card.id;
        patch({ card, loading: undefined });
        if (other) {
          read().forgetPictures();
          suit(card);
          await read().drawRun();
        }
      } catch (error) {
        if (mine !== token) return;
        patch({ loading: undefined });
        read().report("The model was not loaded", error);
      } finally {
        if (mine === token) await read().refresh();
      }
    }

    /** A metric that needs a decoder cannot serve a model without one. */
    function suit(card: ModelCard): void {
      const { settings, choose, set } = read();
      const [first] = card.metrics;
      if (first !== undefined && !card.metrics.includes(settings.metric.id)) choose("metric", first);
      if (place.recall("settings") !== undefined || place.readHash() !== "") return;
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
