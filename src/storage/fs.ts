// Storage in a folder, one file per value. One entry is replaced by a rename, which is atomic by itself. Several are
// first written aside together with a list of where they go; the rename of that list is the commit, and whoever opens
// the folder next finishes a commit that a kill interrupted.

import { closeSync, fstatSync, openSync, read } from "node:fs";
import { access, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { StudioError } from "../core/errors.ts";
import { claim, codeOf, disclaim, isClaimed, orAbsent } from "./folder.ts";
import { whileHolding } from "./folder-lock.ts";
import { compareKeys, concernOf, sharedConcern } from "./keys.ts";
import type { Key, Storage } from "./storage.ts";

/** Names that begin with a point are the storage's own: no key has one. */
const OWN = ".";
/** Holds one folder per unfinished put or unclaimed lock, named after its process. */
const PENDING = `${OWN}pending`;
const LOCKS = `${OWN}locks`;
const COMMIT = "commit.json";
const SUFFIX = ".bin";

/** Makes the folder when there is none. @throws invalid-input when it cannot be used */
export async function openFolder(folder: string): Promise<Storage> {
  try {
    await mkdir(join(folder, PENDING), { recursive: true });
    await recover(folder);
  } catch (error) {
    throw new StudioError("invalid-input", `folder ${folder}: ${(error as Error).message}`, {}, { cause: error });
  }
  /** Puts and removals run one after the other, so that the last call wins. */
  let tail: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = tail.then(work);
    tail = turn.catch(() => {});
    return turn;
  };

  const get = async (key: Key): Promise<Uint8Array | undefined> => {
    concernOf(key);
    return orAbsent(readWhole(join(folder, fileOf(key))));
  };

  /** Files of the values whose keys begin with `prefix`, relative to the folder. */
  const filesBelow = async (prefix: Key): Promise<string[]> => {
    const below = await orAbsent(readdir(folderOf(folder, prefix), { recursive: true, withFileTypes: true }));
    const paths = (below ?? [])
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
      .filter((file) => file.endsWith(SUFFIX) && !file.startsWith(OWN));
    return prefix.length > 0 && (await exists(join(folder, fileOf(prefix)))) ? [...paths, fileOf(prefix)] : paths;
  };

  return {
    durability: "persistent",

    get,

    async getMany(keys) {
      sharedConcern(keys);
      return Promise.all(keys.map(get));
    },

    put: (entries) =>
      inTurn(async () => {
        if (!sharedConcern(entries.map(([key]) => key))) return;
        const name = claim();
        try {
          await replace(folder, name, entries);
        } catch (error) {
          throw await explained(error, folder, entries);
        } finally {
          disclaim(name);
        }
      }),

    async list(prefix) {
      return (await filesBelow(prefix)).map(keyOf).sort(compareKeys);
    },

    async size(prefix) {
      const files = await filesBelow(prefix);
      const found = await Promise.all(files.map((file) => orAbsent(stat(join(folder, file)))));
      return found.reduce((sum, file) => sum + (file?.size ?? 0), 0);
    },

    exclusive: (name, ...work) => whileHolding(join(folder, LOCKS, encodePart(name)), join(folder, PENDING), ...work),

    remove: (prefix) =>
      inTurn(async () => {
        const everything = async () => (await readdir(folder)).filter((name) => !name.startsWith(OWN));
        const names = prefix.length > 0 ? [fileOf(prefix), folderOf("", prefix)] : await everything();
        for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
      }),

    async freeBytes() {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },

    close: () => inTurn(async () => {}),
  };
}

/** Nothing changes before the commit and nothing is lost after it. */
async function replace(folder: string, name: string, entries: readonly (readonly [Key, Uint8Array])[]): Promise<void> {
  const aside = join(folder, PENDING, name);
  const files = entries.map(([key]) => fileOf(key));
  try {
    await mkdir(aside);
    for (const [index, [, bytes]] of entries.entries()) await writeFlushed(join(aside, String(index)), bytes);
    // Made now, because a full disk must be noticed before the commit.
    for (const file of files) await mkdir(dirname(join(folder, file)), { recursive: true });
    if (files.length > 1) {
      await writeFlushed(join(aside, "list"), new TextEncoder().encode(JSON.stringify(files)));
      await rename(join(aside, "list"), join(aside, COMMIT));
    }
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
  await moveAll(folder, aside, files);
}

/** Also finishes a move that another process began: what is gone from `aside` has arrived already. */
async function moveAll(folder: string, aside: string, files: readonly string[]): Promise<void> {
  for (const [index, file] of files.entries()) await orAbsent(rename(join(aside, String(index)), join(folder, file)));
  await rm(aside, { recursive: true, force: true });
}

/** Finishes puts that were committed and drops those that were not, unless their process still works on them. */
async function recover(folder: string): Promise<void> {
  for (const name of await readdir(join(folder, PENDING))) {
    if (isClaimed(name)) continue;
    const aside = join(folder, PENDING, name);
    const list = await orAbsent(readFile(join(aside, COMMIT), "utf8"));
    await moveAll(folder, aside, list ? (JSON.parse(list) as string[]) : []);
  }
}

/**
 * As `readFile` in one turn of the event loop instead of four: while the processor samples there are turns between steps
 * only, and a stage has few. Opening takes microseconds.
 */
async function readWhole(file: string): Promise<Uint8Array> {
  const descriptor = openSync(file, "r");
  try {
    const bytes = new Uint8Array(fstatSync(descriptor).size);
    const { bytesRead } = await readAt(descriptor, bytes, 0, bytes.byteLength, 0);
    return bytes.subarray(0, bytesRead); // what is shorter than it was is found by whoever checks its seal
  } finally {
    closeSync(descriptor);
  }
}
const readAt = promisify(read);

async function writeFlushed(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, "w");
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const folderOf = (folder: string, prefix: Key) => join(folder, ...prefix.map(encodePart));
const fileOf = (key: Key) => `${folderOf("", key)}${SUFFIX}`;

/**
 * A name that is safe on every file system, also where case does not count: everything but lower case letters, digits
 * and dashes becomes %xx. Numbers begin with "=", so that 1 and "1" differ.
 */
function encodePart(part: string | number): string {
  if (typeof part === "number") return `=${part}`;
  const escaped = Buffer.from(part, "utf8")
    .toString("latin1")
    .replace(/[^a-z0-9-]/g, escapeByte);
  return escaped || "%";
}

const escapeByte = (byte: string) => `%${byte.charCodeAt(0).toString(16).padStart(2, "0")}`;

function decodePart(name: string): string | number {
  if (name.startsWith("=")) return Number(name.slice(1));
  return name === "%" ? "" : decodeURIComponent(name);
}

function keyOf(file: string): Key {
  return file.slice(0, -SUFFIX.length).split(sep).map(decodePart);
}

async function exists(file: string): Promise<boolean> {
  return (await orAbsent(access(file).then(() => true))) ?? false;
}

async function explained(
  error: unknown,
  folder: string,
  entries: readonly (readonly [Key, Uint8Array])[],
): Promise<unknown> {
  if (!["ENOSPC", "EDQUOT"].includes(codeOf(error) ?? "")) return error;
  const needed = entries.reduce((sum, [, { byteLength }]) => sum + byteLength, 0);
  const message = `folder ${folder}: no room for ${needed} bytes; free some space, what was stored before is kept`;
  return new StudioError("storage-full", message, { needed }, { cause: error });
}
