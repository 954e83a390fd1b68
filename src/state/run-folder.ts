// The files of a folder in which somebody else's search left its traces: which are of a run, which are pictures.

/** A file that is opened only when it is needed: an experiment may have tens of thousands of samples. */
export interface FolderFile {
  /** From the folder that was opened, with "/". */
  readonly path: string;
  open(): Promise<File>;
}

export interface RunFolder {
  readonly name: string;
  /** Lists the files anew where the browser can; otherwise they stay what they were. */
  readonly watched: boolean;
  files(): Promise<readonly FolderFile[]>;
}

/** One folder of samples that are named by their index. */
export interface PictureRow {
  readonly name: string;
  readonly pictures: ReadonlyMap<number, FolderFile>;
}

/** Texts that one search left beside each other. */
export interface RunFiles {
  readonly folder: string;
  /** By name, without the folder. */
  readonly files: ReadonlyMap<string, FolderFile>;
}

/** What `search` of the command line leaves. */
export const RESULT = "result.json";
/** Of these one is enough to show a search. */
const TRACES: readonly string[] = [RESULT, "evolution.json", "levels_per_stage.json"];
/** What the page exports, and what a download named twice becomes. */
const RUN_FILE = /^diff-es-.*\.json$/;

export function isRunFile(name: string): boolean {
  return TRACES.includes(name) || RUN_FILE.test(name);
}

/** Whether there is anything to show: a search, or pictures by number. */
export function holdsRun(files: readonly FolderFile[]): boolean {
  return runsIn(files).length > 0 || pictureRows(files).length > 0;
}

/** The searches of a folder, in the order of their paths. */
export function runsIn(files: readonly FolderFile[]): RunFiles[] {
  const folders = new Map<string, Map<string, FolderFile>>();
  for (const file of sorted(files)) {
    const [folder, name] = split(file.path);
    if (!/\.json$/.test(name)) continue;
    const known = folders.get(folder) ?? new Map<string, FolderFile>();
    folders.set(folder, known.set(name, file));
  }
  return [...folders]
    .filter(([, found]) => [...found.keys()].some(isRunFile))
    .map(([folder, found]) => ({ folder, files: found }));
}

/** The folders that hold pictures named by a number: `samples/000007.png` is picture 7. */
export function pictureRows(files: readonly FolderFile[]): PictureRow[] {
  const rows = new Map<string, Map<number, FolderFile>>();
  for (const file of sorted(files)) {
    const [folder, name] = split(file.path);
    const index = /^(\d+)\.(png|jpe?g|webp)$/i.exec(name)?.[1];
    if (index === undefined) continue;
    const row = rows.get(folder) ?? new Map<number, FolderFile>();
    rows.set(folder, row.set(Number(index), file));
  }
  return [...rows].map(([name, pictures]) => ({ name: name || "pictures", pictures }));
}

/** Indices of pictures that every row has, ascending. */
export function commonIndices(rows: readonly PictureRow[]): number[] {
  const [first, ...others] = rows;
  const shared = [...(first?.pictures.keys() ?? [])].filter((index) =>
    others.every(({ pictures }) => pictures.has(index)),
  );
  return shared.sort((a, b) => a - b);
}

function sorted(files: readonly FolderFile[]): FolderFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function split(path: string): [folder: string, name: string] {
  const at = path.lastIndexOf("/");
  return [path.slice(0, Math.max(0, at)), path.slice(at + 1)];
}
