// Fills a disk and keeps it full, whatever others free on it, as a disk is that somebody else is filling.

import { type FileHandle, open, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { StudioError } from "../../../core/errors.ts";
import type { Bytes, Milliseconds } from "../../../core/tensor.ts";

/** Tried in turn: the last is the least that a disk gives. */
const PIECES: readonly Bytes[] = [2 ** 20, 2 ** 12];
const LARGEST: Bytes = 2 ** 30;
const PAUSE: Milliseconds = 50;

export class Filler {
  readonly #path: string;
  readonly #file: FileHandle;
  #filling = true;
  readonly #work: Promise<void>;
  #mostFree: Bytes = 0;

  private constructor(path: string, file: FileHandle, full: () => void) {
    this.#path = path;
    this.#file = file;
    this.#work = this.#fill(full);
  }

  /**
   * Settles when the disk of the folder is full for the first time.
   * @throws invalid-input for a disk that is too large to be filled in passing
   */
  static async start(folder: string): Promise<Filler> {
    const { blocks, bsize } = await statfs(folder);
    if (blocks * bsize > LARGEST)
      throw new StudioError(
        "invalid-input",
        `${folder}: lies on a disk of ${((blocks * bsize) / 1e9).toFixed(1)} GB, which would be filled up; give a folder on one of at most 1 GB, such as a tmpfs of 160 MB`,
      );
    const path = join(folder, "filler");
    const file = await open(path, "w");
    let filler: Filler | undefined;
    await new Promise<void>((full) => {
      filler = new Filler(path, file, full);
    });
    return filler as Filler;
  }

  /** The most that was found free since the disk was full. */
  get mostFree(): Bytes {
    return this.#mostFree;
  }

  /** Gives the disk back. */
  async stop(): Promise<void> {
    this.#filling = false;
    await this.#work;
    await this.#file.close();
    await rm(this.#path);
  }

  async #fill(full: () => void): Promise<void> {
    for (let rounds = 0; this.#filling; rounds++) {
      if (rounds > 0) this.#mostFree = Math.max(this.#mostFree, await freeOn(this.#path));
      for (const piece of PIECES) while (this.#filling && (await this.#write(piece)));
      full();
      await setTimeout(PAUSE);
    }
  }

  /** False when there is no room for it. */
  async #write(bytes: Bytes): Promise<boolean> {
    try {
      await this.#file.appendFile(new Uint8Array(bytes));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOSPC") return false;
      throw error;
    }
  }
}

async function freeOn(path: string): Promise<Bytes> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
