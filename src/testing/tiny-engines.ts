// The tiny engines of one test file, opened as they are needed and closed together.

import { expect } from "vitest";
import { openTiny, type TinyEngine, type TinyEngineOptions } from "./tiny-engine.ts";

export interface TinyEngines {
  /** With the model loaded. */
  open(options?: TinyEngineOptions): Promise<TinyEngine>;
  /** For `afterEach`: nothing may be left on their devices. */
  closeAll(): Promise<void>;
}

export function tinyEngines(): TinyEngines {
  let opened: TinyEngine[] = [];
  return {
    async open(options) {
      const tiny = await openTiny(options);
      opened.push(tiny);
      await tiny.load();
      return tiny;
    },
    async closeAll() {
      for (const { engine, runtime } of opened) {
        await engine.close();
        expect(runtime.tensors).toEqual([]);
        expect(runtime.sessions).toEqual([]);
      }
      opened = [];
    },
  };
}
