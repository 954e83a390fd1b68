// bank: what is in a folder of banks, and banks as files for others. `npm run -s cli -- bank list --bank banks/obs`.

import { writeFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { StudioError } from "../../core/errors.ts";
import { type Bank, listBanks, removeBank } from "../../engine/bank.ts";
import { exportBank, importBank } from "../../engine/bank-files.ts";
import { loadModel } from "../../engine/load.ts";
import { BANK_INDEX } from "../../formats/bank-index.ts";
import type { Storage } from "../../storage/storage.ts";
import { openStorage, readModelFile } from "../environment.ts";
import { choiceFlag, type ParsedFlags } from "../flags.ts";
import { type Command, type Context, modelFileFlags, modelSource, refuseExisting, reporter } from "./command.ts";

type Action = (storage: Storage, flags: ParsedFlags, context: Context) => Promise<unknown>;

const actions: Readonly<Record<string, Action>> = {
  async list(storage) {
    return Promise.all((await listBanks(storage)).map((found) => found.card()));
  },

  async remove(storage, flags) {
    const { id } = await chosen(storage, flags, flags.text("id"));
    await removeBank(storage, id);
    return { removed: id };
  },

  async export(storage, flags, context) {
    const found = await chosen(storage, flags, flags.optional("id"));
    const out = flags.text("out");
    if (!flags.on("overwrite")) await refuseExisting(out, [BANK_INDEX]);
    await mkdir(out, { recursive: true });
    await rm(join(out, BANK_INDEX), { force: true }); // until it is written again, the files are no bank
    const files: string[] = [];
    const report = reporter(context);
    const on: Parameters<typeof exportBank>[1] = (event) => {
      if (event.type === "progress") return report(event);
      files.push(event.name);
      writeFileSync(join(out, event.name), event.bytes); // written before the next stage is read
    };
    await exportBank(found, on, context.signal);
    return { out, files, ...(await found.card()) };
  },

  async import(storage, flags, context) {
    const files = await filesIn(flags.text("from"));
    const model = await loadModel(await modelSource(flags), readModelFile, () => {});
    const made = await importBank(storage, model, { files }, reporter(context), context.signal);
    return made.card();
  },
};

export const bank: Command = {
  help: "list, remove, export or import the banks of a folder",
  subject: "action",
  flags: {
    action: choiceFlag(Object.keys(actions), { required: true, help: "may come first, without its name" }),
    bank: { value: "DIR", required: true, help: "folder that `calibrate` filled, or that gets what is imported" },
    id: { value: "ID", help: "which bank, as `bank list` says; export may leave it out when there is one" },
    out: { value: "DIR", help: `export: gets ${BANK_INDEX} and a safetensors file per stage` },
    overwrite: { help: "export: replace another bank in OUT" },
    from: { value: "DIR", help: "import: what an export wrote" },
    ...modelFileFlags,
    model: { value: "DIR|FILE.safetensors", help: "import: the model that the bank was made for" },
  },
  async run(flags, context) {
    const storage = await openStorage(flags.text("bank"));
    try {
      return await (actions[flags.text("action")] as Action)(storage, flags, context);
    } finally {
      await storage.close();
    }
  },
};

/** The bank with this id, or the only one. @throws missing-data */
async function chosen(storage: Storage, flags: ParsedFlags, id: string | undefined): Promise<Bank> {
  const all = await listBanks(storage);
  const fits = all.filter((found) => id === undefined || found.id === id);
  const [found] = fits;
  if (found && fits.length === 1) return found;
  const have = all.length === 0 ? "none" : all.map((other) => other.id).join(", ");
  const wanted = id === undefined ? "one bank was expected; name one with --id" : `there is no bank ${id}`;
  throw new StudioError("missing-data", `${flags.text("bank")}: ${wanted} (it has ${have})`);
}

/** Files of a folder, each read when it is its turn. @throws missing-data */
async function filesIn(folder: string) {
  const names = await readdir(folder).catch(({ code }: NodeJS.ErrnoException) => {
    throw new StudioError("missing-data", `${folder}: is no folder that can be read (${code}); give that of an export`);
  });
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const arrayBuffer = async () => Uint8Array.from(await readFile(path)).buffer;
      return { name, data: { size: (await stat(path)).size, arrayBuffer } };
    }),
  );
}
