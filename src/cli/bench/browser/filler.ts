// Fills a disk and keeps it full, whatever others free on it, as a disk is that somebody else is filling.

import { open, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { StudioError } from "../../../core/errors.ts";
import type { Bytes, Milliseconds } from "../../../core/tensor.ts";

/** Tried in turn: the last is the least that a disk gives. */
const PIECES: readonly Bytes[] = [2 ** 20, 2 ** 12];
const LARGEST: Bytes = 2 ** 30;
const PAUSE: Milliseconds = 50;

/** @throws invalid-input for a disk that is too large to be filled in passing */
export async function refuseLargeDisk(folder: string): Promise<void> {
  const { blocks, bsize } = await statfs(folder);
  if (blocks * bsize <= LARGEST) return;
  const size = ((blocks * bsize) / 1e9).toFixed(1);
  throw new StudioError(
    "invalid-input",
    `${folder}: lies on a disk of ${size} GB, which would be filled up; give --folder on one of at most 1 GB, such as a tmpfs of 160 MB`,
  );
}

export class Filler {
  readonly #folder: string;
  readonly #path: string;
  #filling = false;
  #work: Promise<void> = Promise.resolve();
  #mostFree: Bytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, "filler");
  }

  /** The most that was found free since the disk was full. */
  get mostFree(): Bytes {
    return this.#mostFree;
  }

  /** Settles when the disk is full for the first time. */
  async start(): Promise<void> {
    this.#filling = true;
    await this.#fill();
    this.#work = this.#keepFull();
  }

  /** Gives the disk back. */
  async stop(): Promise<void> {
    this.#filling = false;
    await this.#work;
    await rm(this.#path, { force: true });
  }

  async #keepFull(): Promise<void> {
    while (this.#filling) {
      await setTimeout(PAUSE);
      const { bavail, bsize } = await statfs(this.#folder);
      this.#mostFree = Math.max(this.#mostFree, bavail * bsize);
      await this.#fill();
    }
  }

  async #fill(): Promise<void> {
    const file = await open(this.#path, "a");
    try {
      for (const piece of PIECES) {
        const bytes = new Uint8Array(piece);
        while (this.#filling && (await written(file.appendFile(bytes))));
      }
    } finally {
      await file.close();
    }
  }
}

/** False when there is no room for it. */
async function written(writing: Promise<void>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOSPC") return false;
    throw error;
  }
}
