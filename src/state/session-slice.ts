// The page as a whole: which device serves it, how long data stays, what went wrong, and its start.

import type { EngineStatus, RunCard } from "../engine/api.ts";
import { readAddress } from "./address.ts";
import { type Notice, noticeOf, OUT_OF_REACH } from "./notice.ts";
import type { Outside, Slice } from "./store.ts";

export type Theme = "system" | "light" | "dark";

export interface SessionSlice {
  readonly session: {
    readonly status: EngineStatus | undefined;
    readonly notice: Notice | undefined;
    /** Everything that went wrong, oldest first, for the diagnostics that a person can copy. */
    readonly log: readonly Notice[];
    readonly theme: Theme;
    readonly runs: readonly RunCard[];
  };
  /** Opens the page: device, earlier run, demo model, dense pictures. */
  start(): Promise<void>;
  refresh(): Promise<void>;
  /** Whether storage still answers: a write that waits for a full disk tells nobody. */
  look(): Promise<void>;
  report(title: string, error: unknown): void;
  /** Something that happened and needs nothing from a person. */
  inform(message: string): void;
  log(notice: Notice | undefined): void;
  /** Takes the notice away; with a title, only the one that says so. */
  dismiss(title?: string): void;
  setTheme(theme: Theme): void;
}

export function createSessionSlice({ engine, place }: Outside): Slice<SessionSlice> {
  return (write, read) => {
    const patch = (change: Partial<SessionSlice["session"]>) =>
      write(({ session }) => ({ session: { ...session, ...change } }));
    const show = (notice: Notice) => {
      patch({ notice });
      read().log(notice);
    };
    const take = (status: EngineStatus) => {
      const before = read().session.status?.durability ?? "memory";
      patch({ status });
      if (status.durability === "memory" && before !== "memory") show(OUT_OF_REACH);
    };
    return {
      session: {
        status: undefined,
        notice: undefined,
        log: [],
        theme: themeOf(place.recall("theme")),
        runs: [],
      },
      async start() {
        const address = readAddress(place.readHash());
        read().openLink(address);
        void read().linkComparison(address);
        await Promise.all([
          read().showStored(),
          read().loadDemo(),
          read().refresh().then(read().openLast),
          read().refreshBanks(),
        ]);
      },
      async refresh() {
        try {
          const [status, runs] = await Promise.all([engine.status(), engine.runs()]);
          take(status);
          patch({ runs });
        } catch (error) {
          read().report("The engine does not answer", error);
        }
      },
      async look() {
        try {
          take(await engine.status());
        } catch {
          // what is under way says what is wrong
        }
      },
      report(title, error) {
        const notice = noticeOf(title, error);
        if (notice) show(notice);
      },
      inform(message) {
        show({ code: "information", title: "The engine was restarted", message });
        void read().refresh();
      },
      log(notice) {
        if (notice) patch({ log: [...read().session.log, notice] });
      },
      dismiss(title) {
        if (title === undefined || read().session.notice?.title === title) patch({ notice: undefined });
      },
      setTheme(theme) {
        place.keep("theme", theme);
        patch({ theme });
      },
    };
  };
}

function themeOf(kept: string | undefined): Theme {
  return kept === "light" || kept === "dark" ? kept : "system";
}
