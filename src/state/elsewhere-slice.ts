// Shows a run that was made elsewhere, and keeps reading its folder for as long as it is shown. Nothing is run for it.

import { readAddress } from "./address.ts";
import { noticeOf } from "./notice.ts";
import type { RunFolder } from "./run-folder.ts";
import { noRun, type RunState } from "./run-state.ts";
import { fromStored } from "./showcase.ts";
import type { Outside, Slice } from "./store.ts";
import { selectBusy } from "./work-slice.ts";

export interface ElsewhereSlice {
  /** The stored run is on its way: what it would push aside is not shown yet. */
  readonly awaitsStored: boolean;
  /** Shows the search that a folder or some files hold, unless one runs here. */
  openElsewhere(folder: RunFolder): Promise<void>;
  /** Shows the run that came with the page to whoever has none and asked for none. */
  showStored(): Promise<void>;
}

/** Milliseconds between two readings of a folder. */
const AGAIN = 3000;
const FAILED = "The run was not opened";

export function createElsewhereSlice({ place, showcase }: Outside): Slice<ElsewhereSlice> {
  let token = 0;
  return (write, read) => {
    async function watch(folder: RunFolder, mine: number): Promise<void> {
      let before = await mark(folder);
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
        if (mine !== token || read().run.elsewhere === undefined) return;
        try {
          const now = await mark(folder);
          if (now === before) continue;
          const run = await readRun(folder);
          if (mine !== token || read().run.elsewhere === undefined) return;
          before = now;
          write({ run });
        } catch {
          // A file that is being written reads as damaged: the next reading has it whole.
        }
      }
    }

    const visited = () => place.recall("run") !== undefined || readAddress(place.readHash()).settings !== "";

    return {
      awaitsStored: showcase !== undefined && !visited(),
      async openElsewhere(folder) {
        if (selectBusy(read())) return;
        const mine = ++token;
        read().dismiss(FAILED);
        try {
          const run = await readRun(folder);
          if (mine !== token || selectBusy(read())) return;
          read().clear();
          write({ run });
          read().goTo("search");
        } catch (error) {
          return read().report(FAILED, error);
        }
        if (folder.watched) void watch(folder, mine);
      },
      async showStored() {
        if (!showcase || visited()) return;
        try {
          const stored = await showcase();
          const { run, model } = read();
          const taken = run !== noRun || (model.card && model.card.id !== stored.result.model.id);
          if (taken) return;
          write({ run: fromStored(stored) });
          read().showPictures(stored.grids);
        } catch (error) {
          read().log(noticeOf("The stored run could not be read", error)); // it is a courtesy
        } finally {
          write({ awaitsStored: false });
        }
      },
    };
  };
}

async function readRun({ name, watched, files }: RunFolder): Promise<RunState> {
  const [{ readElsewhere }, listed] = await Promise.all([import("./elsewhere.ts"), files()]);
  return readElsewhere(name, listed, watched);
}

/** Changes when the folder does. */
async function mark(folder: RunFolder): Promise<string> {
  const files = await folder.files();
  const texts = files.filter(({ path }) => path.endsWith(".json"));
  const opened = await Promise.all(texts.map(({ open }) => open()));
  return JSON.stringify([files.length, opened.map(({ size, lastModified }) => [size, lastModified])]);
}
