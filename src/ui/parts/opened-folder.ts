// Folders and files that a person drops or picks, listed as state/run-folder.ts takes them. What was dropped, and what a
// browser with showDirectoryPicker has opened, can be listed again and so be watched.

import type { FolderFile, RunFolder } from "../../state/run-folder.ts";

/** Folders below the one that was opened: an experiment has two. */
const DEEPEST = 4;

/** Must be called before the first wait of the drop's handler. */
export function droppedFolder({ items, files }: DataTransfer): RunFolder {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const given = [...files];
  const [first] = entries;
  const name = first?.name ?? given[0]?.name ?? "";
  if (!entries.some(({ isDirectory }) => isDirectory)) return pickedFiles(given);
  const base = entries.length === 1 && first ? first.fullPath.length + 1 : 1;
  const list = async () => (await Promise.all(entries.map((entry) => filesIn(entry, base)))).flat();
  return { name, watched: true, files: list };
}

/** @param files of a file dialog */
export function pickedFiles(files: readonly File[]): RunFolder {
  const [first] = files;
  const folder = first?.webkitRelativePath.split("/")[0];
  const listed = files.map((file): FolderFile => {
    const path = folder ? file.webkitRelativePath.slice(folder.length + 1) : file.name;
    return { path, open: async () => file };
  });
  return { name: folder || (first?.name ?? ""), watched: false, files: async () => listed };
}

type Picker = (options: { readonly mode: "read" }) => Promise<FileSystemDirectoryHandle>;

/** Undefined where the browser cannot: then a file dialog has to do. */
export function folderPicker(): (() => Promise<RunFolder | undefined>) | undefined {
  const { showDirectoryPicker: pick } = window as unknown as { readonly showDirectoryPicker?: Picker };
  if (!pick) return undefined;
  return async () => {
    try {
      const handle = await pick.call(window, { mode: "read" });
      return { name: handle.name, watched: true, files: () => filesOf(handle, "", 0) };
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return undefined;
      throw error;
    }
  };
}

async function filesOf(folder: FileSystemDirectoryHandle, path: string, depth: number): Promise<FolderFile[]> {
  const found: FolderFile[] = [];
  // The library's types do not know yet that a folder can be walked.
  const children = folder as unknown as AsyncIterable<[string, FileSystemFileHandle | FileSystemDirectoryHandle]>;
  for await (const [name, child] of children) {
    const at = `${path}${name}`;
    if (child.kind === "file") found.push({ path: at, open: () => child.getFile() });
    else if (depth < DEEPEST) found.push(...(await filesOf(child, `${at}/`, depth + 1)));
  }
  return found;
}

/** @param base where the path from the dropped folder begins in a full path */
async function filesIn(entry: FileSystemEntry, base: number): Promise<FolderFile[]> {
  const path = entry.fullPath.slice(base);
  if (isFile(entry)) return [{ path, open: () => new Promise((resolve, reject) => entry.file(resolve, reject)) }];
  if (path.split("/").length > DEEPEST) return [];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    // A browser gives a hundred at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    all.push(...some);
  }
  return (await Promise.all(all.map((child) => filesIn(child, base)))).flat();
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
