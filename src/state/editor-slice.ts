// The schedule that a person makes by hand. Kept as it was last edited; what the settings make of it is `selectDraft`.

import { withLevel } from "../core/rebalance.ts";
import type { Level, StageIndex } from "../core/tensor.ts";
import { readAddress } from "./address.ts";
import { begun, type History, recorded, redone, undone } from "./history.ts";
import { parseLevels } from "./schedule-text.ts";
import { type Draft, selectDraft } from "./select-draft.ts";
import type { Outside, Slice } from "./store.ts";

/** What undo takes back. */
export interface Edited {
  /** One for each stage that there was; undefined until something was edited. */
  readonly levels: readonly Level[] | undefined;
  /** Of each stage. */
  readonly locks: readonly boolean[];
  /** Levels may be set without moving them from other stages. */
  readonly free: boolean;
}

export interface EditorSlice {
  readonly editor: {
    readonly history: History<Edited>;
    /** A drag, or keys on one stage: where it leads depends on what it began with and on its end, not on its way. */
    readonly gesture: { readonly stage: StageIndex; readonly from: readonly Level[] } | undefined;
    /** What could not be done, in a sentence. */
    readonly said: string | undefined;
  };
  /** Part of a gesture, which `endGesture` ends. */
  setLevel(stage: StageIndex, level: Level): void;
  endGesture(): void;
  toggleLock(stage: StageIndex): void;
  setFree(free: boolean): void;
  /** Takes over a schedule as it is: off the budget, it is free. */
  takeLevels(levels: readonly Level[]): void;
  /** Of text in any form that `parseLevels` knows. */
  takeText(text: string): void;
  /** Takes a schedule over, and goes where it is edited. */
  editLevels(levels: readonly Level[]): void;
  undo(): void;
  redo(): void;
  /** Has the draft join the next generation of the run that is shown. */
  tryInSearch(): Promise<void>;
}

export function createEditorSlice({ place }: Outside): Slice<EditorSlice> {
  return (write, read) => {
    const patch = (change: Partial<EditorSlice["editor"]>) =>
      write(({ editor }) => ({ editor: { ...editor, ...change } }));
    /** One more thing to take back. */
    const record = (change: Partial<Edited>, said?: string) => {
      read().endGesture();
      const { history } = read().editor;
      patch({ history: recorded(history, { ...history.now, ...change }), said });
    };
    const turn = (to: (history: History<Edited>) => History<Edited>) => {
      read().endGesture();
      patch({ history: to(read().editor.history), said: undefined });
    };
    const { levels, free } = readAddress(place.readHash());
    return {
      editor: { history: begun({ levels, locks: [], free }), gesture: undefined, said: undefined },
      setLevel(stage, wanted) {
        const draft = selectDraft(read());
        if (!draft) return;
        const { history, gesture } = read().editor;
        const going = gesture?.stage === stage;
        const from = going ? gesture.from : draft.levels;
        const { levels, said } = edited({ ...draft, levels: from }, stage, wanted, history.now.free);
        if (levels.join() === draft.levels.join()) return patch({ said });
        const now = { ...history.now, levels };
        patch({ history: going ? { ...history, now } : recorded(history, now), gesture: { stage, from }, said });
      },
      endGesture() {
        const { gesture, history } = read().editor;
        if (!gesture) return;
        const back = history.now.levels?.join() === gesture.from.join();
        patch({ gesture: undefined, history: back ? { ...undone(history), future: [] } : history });
      },
      toggleLock(stage) {
        const draft = selectDraft(read());
        if (!draft) return;
        const locks = draft.levels.map((_, other) => draft.locked.has(other) !== (other === stage));
        record({ levels: draft.levels, locks }); // what was carried over from other settings is held as it is shown
      },
      setFree: (free) => record({ free }),
      takeLevels(levels) {
        record({ levels, locks: [], free: true });
        const draft = selectDraft(read());
        if (!draft) return;
        const own = draft.levels.length === levels.length;
        const said = own ? undefined : `${levels.length} levels were carried over to ${draft.levels.length} stages.`;
        const { history } = read().editor;
        patch({ history: { ...history, now: { ...history.now, free: !draft.onBudget } }, said });
      },
      editLevels(levels) {
        read().takeLevels(levels);
        read().goTo("explore");
      },
      takeText(text) {
        try {
          read().takeLevels(parseLevels(text));
        } catch (error) {
          read().report("The levels were not taken", error);
        }
      },
      undo: () => turn(undone),
      redo: () => turn(redone),
      async tryInSearch() {
        const draft = selectDraft(read());
        if (draft && (await read().inject(draft.levels)))
          patch({ said: "Your schedule joins the next generation of the search." });
      },
    };
  };
}

function edited(
  { levels, locked, space }: Pick<Draft, "levels" | "locked" | "space">,
  stage: StageIndex,
  wanted: Level,
  free: boolean,
): { readonly levels: readonly Level[]; readonly said?: string } {
  const name = `Stage ${stage + 1}`;
  if (locked.has(stage)) return { levels, said: `${name} is locked; unlock it to change its level.` };
  const goal = Math.min(space.maxLevel, Math.max(0, wanted));
  if (free) return { levels: levels.with(stage, goal) };
  const next = withLevel(levels, stage, goal, locked, space);
  const reached = next[stage] as Level;
  if (reached === goal) return { levels: next };
  const why = goal > reached ? "have no more levels to give" : "cannot take more";
  return { levels: next, said: `${name} stops at level ${reached}: the other unlocked stages ${why}.` };
}
