// The banks in storage, of whatever model, and the one export or import that may be under way. Files go out through
// the `save` of whoever asks, one at a time, so that no more than one is held.

import type { BankCard, ExportEvent, ImportRequest, Progress } from "../engine/api.ts";
import type { Outside, Slice } from "./store.ts";

export interface BankWork {
  readonly kind: "export" | "import";
  /** Undefined until the first stage is done. */
  readonly progress: Progress | undefined;
}
export type BankFile = Pick<Extract<ExportEvent, { type: "file" }>, "name" | "bytes">;

export interface BanksSlice {
  readonly banks: {
    readonly cards: readonly BankCard[];
    readonly work: BankWork | undefined;
    /** What was done last, in words. */
    readonly done: string | undefined;
  };
  refreshBanks(): Promise<void>;
  removeBank(id: string): Promise<void>;
  exportBank(id: string, save: (file: BankFile) => void): Promise<void>;
  importBank(files: ImportRequest["files"]): Promise<void>;
  /** Ends an export or import; stages that were stored stay. */
  cancelBankWork(): void;
}

const FAILED = {
  remove: "The bank was not removed",
  export: "The bank was not exported",
  import: "The bank was not imported",
} as const;

export function createBanksSlice({ engine }: Outside): Slice<BanksSlice> {
  let abort = new AbortController();
  return (write, read) => {
    const patch = (change: Partial<BanksSlice["banks"]>) => write(({ banks }) => ({ banks: { ...banks, ...change } }));

    /** @param action gives the words for what it did */
    async function attempt(title: string, action: () => Promise<string>): Promise<void> {
      read().dismiss(title);
      patch({ done: undefined });
      try {
        patch({ done: await action() });
      } catch (error) {
        read().report(title, error);
      }
    }

    /** One at a time: asking for a second one does nothing. */
    async function work(
      kind: BankWork["kind"],
      action: (on: (progress: Progress) => void, signal: AbortSignal) => Promise<string>,
    ): Promise<void> {
      if (read().banks.work) return;
      abort = new AbortController();
      const { signal } = abort;
      const show = (progress?: Progress) => patch({ work: { kind, progress } });
      show();
      await attempt(FAILED[kind], () => action(show, signal));
      patch({ work: undefined });
    }

    /** Room and the time of the next search are others now. */
    async function changed(): Promise<void> {
      await Promise.all([read().refreshBanks(), read().refresh()]);
      await read().settle();
    }

    return {
      banks: { cards: [], work: undefined, done: undefined },
      async refreshBanks() {
        try {
          patch({ cards: await engine.banks() });
        } catch (error) {
          read().report("The banks could not be listed", error);
        }
      },
      async removeBank(id) {
        await attempt(FAILED.remove, async () => {
          await engine.removeBank(id);
          return "The bank was removed.";
        });
        await changed();
      },
      exportBank: (bank, save) =>
        work("export", async (show, signal) => {
          let files = 0;
          const on = (event: ExportEvent) => {
            if (event.type === "progress") return show(event);
            files++;
            save({ name: event.name, bytes: event.bytes });
          };
          await engine.exportBank({ bank }, on, signal);
          return `The bank was exported as ${files} files.`;
        }),
      async importBank(files) {
        await work("import", async (show, signal) => {
          const named = files.map(({ name, data }) => ({ name: exportedName(name), data }));
          await engine.importBank({ files: named }, show, signal);
          return "The bank was imported.";
        });
        await changed();
      },
      cancelBankWork: () => abort.abort(),
    };
  };
}

/** A browser that has downloaded stage-0.safetensors before calls the next one "stage-0 (1).safetensors". */
function exportedName(name: string): string {
  return name.replace(/ ?\(\d+\)(?=\.\w+$)/, "");
}
