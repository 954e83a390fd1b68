// Measured rows in a folder: a file each, there whole or not at all, with a strip of its pictures beside it. A table that
// was killed goes on at the next row, and tables share what they have in common.

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeSheet } from "../../pictures/encode.ts";
import { writeWhole } from "../../whole-file.ts";
import type { Judged } from "./gallery.ts";
import type { Measured } from "./row.ts";

export class Ledger {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<Ledger> {
    const rows = join(folder, "rows");
    await mkdir(rows, { recursive: true });
    return new Ledger(rows);
  }

  /** Undefined when it was not measured yet. */
  async find(id: string): Promise<Measured | undefined> {
    const text = await this.#read(`${id}.json`);
    return text && (JSON.parse(text.toString()) as Measured);
  }

  /** PNG, pictures side by side. */
  async strip(id: string): Promise<Uint8Array | undefined> {
    return this.#read(`${id}.png`);
  }

  /** The record comes last: where it is, all is. */
  async add(id: string, measured: Measured, { pixels, side }: Judged["strip"]): Promise<void> {
    await writeWhole(join(this.#folder, `${id}.png`), encodeSheet([pixels], side));
    await writeWhole(join(this.#folder, `${id}.json`), `${JSON.stringify(measured)}\n`);
  }

  async #read(name: string): Promise<Buffer | undefined> {
    try {
      return await readFile(join(this.#folder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }
}
