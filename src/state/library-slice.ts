// What a person does to stored runs beyond opening them. A run that is removed is first only hidden: it leaves storage
// when the offer to undo has passed, so a page that is closed before keeps it.

import type { SampleGrid, ScheduleId, SearchResult } from "../engine/api.ts";
import { drawingKey } from "./gallery-slice.ts";
import { pictureLabels } from "./labels.ts";
import { noticeOf } from "./notice.ts";
import type { Outside, Slice } from "./store.ts";
import { thumbnailOf } from "./thumbnail.ts";

export interface DrawnSchedule {
  readonly id: ScheduleId;
  readonly grid: SampleGrid;
}

export interface LibrarySlice {
  /** Hidden, and about to leave storage; one at a time. */
  readonly removing: string | undefined;
  /** Hides a run; one that was hidden before leaves at once. */
  hideRun(id: string): Promise<void>;
  undoRemoval(): void;
  /** Removes what is hidden. */
  settleRemoval(): Promise<void>;
  /** Takes a stored run's settings for a new search, and shows none. */
  duplicate(id: string): void;
  /** Puts its winner beside the schedule that others are compared with. */
  compareRun(id: string): Promise<void>;
  /** Keeps a picture of the shown run's winner with the run, once there is one. */
  keepWinner(): Promise<void>;
  /** Its result, if it was finished once. */
  resultOf(id: string): Promise<SearchResult | undefined>;
  /** A picture of each class by every schedule that a finished run compares; none when they cannot be drawn. */
  picturesOf(result: SearchResult): Promise<readonly DrawnSchedule[]>;
}

export function createLibrarySlice({ engine }: Outside): Slice<LibrarySlice> {
  return (write, read) => ({
    removing: undefined,
    async hideRun(id) {
      const before = read().settleRemoval();
      write({ removing: id });
      if (read().run.id === id) read().clear();
      await before;
    },
    undoRemoval: () => write({ removing: undefined }),
    async settleRemoval() {
      const { removing, remove } = read();
      if (removing === undefined) return;
      await remove(removing); // hidden until it is gone
      if (read().removing === removing) write({ removing: undefined });
    },
    duplicate(id) {
      const { session, clear, adopt, goTo } = read();
      const card = session.runs.find(({ run }) => run === id);
      if (!card) return;
      clear();
      const last = card.forks.at(-1);
      const searcher = last ? { ...card.request.searcher, options: last.options } : card.request.searcher;
      adopt({ ...card.request, searcher, seed: last?.seed ?? card.request.seed });
      goTo("search");
    },
    async compareRun(id) {
      const { run, setSide, goTo } = read();
      goTo("compare");
      await setSide(1, run.id === id ? "searched" : `run ${id}`);
    },
    async keepWinner() {
      const { run, samples, session } = read();
      const { grid, schedule } = samples.rows.searched ?? {};
      const [first] = grid?.pixels ?? [];
      const same = schedule?.levels.join() === run.schedule?.levels.join();
      if (!run.result || run.id === undefined || !grid || !first || !same) return;
      const picture = thumbnailOf(first, grid.side);
      const known = session.runs.find((card) => card.run === run.id)?.picture;
      if (known?.pixels.every((value, index) => value === picture.pixels[index])) return;
      try {
        await engine.keepPicture(run.id, picture);
        await read().refresh();
      } catch (error) {
        // A courtesy: the list shows its levels instead.
        read().log(noticeOf("The run's picture was not kept", error));
      }
    },
    async resultOf(id) {
      try {
        return await engine.run(id);
      } catch (error) {
        read().report("The stored run could not be read", error);
        return undefined;
      }
    },
    async picturesOf({ comparisons, request, model }) {
      const { card } = read().model;
      if (!card || card.id !== model.id) return [];
      const { steps, guidance, sampler, seed } = request;
      const drawn: DrawnSchedule[] = [];
      try {
        for (const { id, schedule } of comparisons) {
          const wanted = { schedule, steps, guidance, sampler, labels: pictureLabels(card), seed };
          const known = read().gallery[drawingKey(wanted)]?.grid;
          drawn.push({ id, grid: known ?? (await engine.sample(wanted, () => {}, new AbortController().signal)) });
        }
        return drawn;
      } catch (error) {
        read().report("The run's pictures were not drawn", error);
        return [];
      }
    },
  });
}
