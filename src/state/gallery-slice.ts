// Drawings by content: whoever asks for the same schedule, noise and classes gets the same pictures, drawn once. One
// drawing at a time; what is not asked for any longer is given up. Bounded: what was asked for last stays.

import type { Bytes } from "../core/tensor.ts";
import type { SampleEvent, SampleGrid, SampleRequest } from "../engine/api.ts";
import type { Outside, Slice } from "./store.ts";

export interface Drawing {
  /** Undefined until it is finished. */
  readonly grid: SampleGrid | undefined;
  /** Of drawings that ask for them: all pictures as they are predicted at each step. */
  readonly predictions: readonly SampleGrid["pixels"][];
  readonly progress: { readonly done: number; readonly total: number };
  /** It was tried once and is not tried again while it is asked for. */
  readonly failed: boolean;
}

/** Who asks; the first is served first. */
export const askers = ["comparison", "matrix"] as const;
export type Asker = (typeof askers)[number];

export interface GallerySlice {
  /** Of the loaded model, by `drawingKey`. */
  readonly gallery: Readonly<Record<string, Drawing>>;
  /** Asks for these, the first one first, instead of what this asker wanted before. */
  ask(asker: Asker, requests: readonly SampleRequest[]): void;
  /** Puts pictures here that were drawn elsewhere. */
  keepDrawing(request: SampleRequest, grid: SampleGrid): void;
  forgetGallery(): void;
}

/** Of finished drawings that nobody asks for: forty-five of ten pictures of 64 x 64 pixels. */
const KEPT: Bytes = 8 * 2 ** 20;

/** Equal for requests of the same pictures. */
export function drawingKey(request: SampleRequest): string {
  const { schedule, steps, guidance, sampler, labels, seed, first = 0, predictions = false } = request;
  const routed = schedule && [schedule.bank, schedule.division.map(({ low }) => low), schedule.levels];
  return JSON.stringify([routed ?? "dense", steps, guidance, sampler, labels, seed, first, predictions]);
}

export function createGallerySlice({ engine }: Outside): Slice<GallerySlice> {
  const asked = new Map<Asker, readonly SampleRequest[]>();
  let abort = new AbortController();
  let current: string | undefined;
  return (write, read) => {
    const patch = (key: string, change: Partial<Drawing>) =>
      write(({ gallery }) => {
        const { [key]: before = empty, ...others } = gallery;
        return { gallery: { ...others, [key]: { ...before, ...change } } }; // the newest last
      });
    const wanted = () => askers.flatMap((asker) => asked.get(asker) ?? []);
    const next = () =>
      wanted().find((request) => {
        const known = read().gallery[drawingKey(request)];
        return !known?.grid && !known?.failed;
      });

    async function work(): Promise<void> {
      if (current !== undefined || !read().model.card) return;
      for (let request = next(); request; request = next()) await draw(request);
    }

    async function draw(request: SampleRequest): Promise<void> {
      const key = drawingKey(request);
      const { signal } = abort;
      current = key; // first, because every change of the store may ask again
      patch(key, { progress: { done: 0, total: request.steps } });
      const predictions: SampleGrid["pixels"][] = [];
      const take = (event: SampleEvent) => {
        if (signal.aborted) return;
        if (event.type === "progress") patch(key, { progress: { done: event.done, total: event.total } });
        if (event.type === "prediction") predictions.push(event.pixels);
      };
      try {
        const grid = await engine.sample(request, take, signal);
        if (!signal.aborted) patch(key, { grid, predictions });
      } catch (error) {
        if (!signal.aborted) {
          patch(key, { failed: true });
          read().report("Pictures to compare were not drawn", error);
        }
      }
      current = undefined;
      tidy();
    }

    /** Forgets what was left undone, and the oldest of what nobody asks for. */
    function tidy(): void {
      const needed = new Set(wanted().map(drawingKey));
      const { gallery } = read();
      let room = KEPT;
      const gone = new Set(
        Object.keys(gallery)
          .reverse()
          .filter((key) => {
            if (needed.has(key) || key === current) return false;
            const drawing = gallery[key] ?? empty;
            room -= bytesOf(drawing);
            return !drawing.grid || room < 0;
          }),
      );
      if (gone.size > 0)
        write({ gallery: Object.fromEntries(Object.entries(gallery).filter(([key]) => !gone.has(key))) });
    }

    function giveUp(): void {
      abort.abort();
      abort = new AbortController();
    }

    return {
      gallery: {},
      ask(asker, requests) {
        asked.set(asker, requests);
        if (current !== undefined && !wanted().some((request) => drawingKey(request) === current)) giveUp();
        tidy();
        void work();
      },
      keepDrawing(request, grid) {
        patch(drawingKey(request), { grid });
        tidy();
      },
      forgetGallery() {
        asked.clear();
        giveUp();
        write({ gallery: {} });
      },
    };
  };
}

function bytesOf({ grid, predictions }: Drawing): Bytes {
  const pixels = [grid?.pixels ?? [], ...predictions].flat();
  return pixels.reduce((sum, { length }) => sum + length, 4 * (grid?.latents.data.length ?? 0));
}

const empty: Drawing = { grid: undefined, predictions: [], progress: { done: 0, total: 1 }, failed: false };
