// The banks of the scripted engine: cards in memory, whose files hold their names. Export and import tell every event
// of the contract, one stage at a time.

import { StudioError } from "../core/errors.ts";
import type { BankCard, BankVerbs, Division, ModelCard, Progress, SearchRequest } from "../engine/api.ts";

/** What banks need of the engine that holds them. */
export interface BankWorld {
  loaded(): ModelCard;
  running(): string | undefined;
  tick(signal: AbortSignal): Promise<void>;
}
type Made = Pick<BankCard, "id" | "pruner" | "division" | "maxLevel" | "items">;
export type ScriptedBanks = Omit<BankVerbs, "calibrate"> & { keep(made: Made): BankCard };

const STAGE_BYTES = 5e6;
const INDEX = "bank.json";

export function bankOf(
  { pruner, calibrationItems }: Pick<SearchRequest, "pruner" | "calibrationItems">,
  { bank, division, maxLevel }: { readonly bank: string; readonly division: Division; readonly maxLevel: number },
): Made {
  return { id: bank, pruner, division, maxLevel, items: calibrationItems };
}

export function scriptedBanks({ loaded, running, tick }: BankWorld): ScriptedBanks {
  const cards = new Map<string, BankCard>();
  const refuseBusy = (verb: string) => {
    const other = running();
    if (other) throw new StudioError("busy", `${verb}: ${other} is running; stop it or wait`);
  };
  const progress = (phase: "export" | "import", label: string, done: number, total: number): Progress => {
    return { type: "progress", phase, label, done, total };
  };
  return {
    keep(made) {
      const bytes = made.division.length * STAGE_BYTES;
      const card = { ...made, model: loaded().id, storage: "f32", bytes, stored: 1, whole: true } as const;
      cards.set(card.id, card);
      return card;
    },
    async banks() {
      return [...cards.values()];
    },
    async removeBank(id) {
      refuseBusy("removeBank");
      cards.delete(id);
    },
    async exportBank({ bank: id }, on, signal) {
      const card = cards.get(id);
      if (!card) throw new StudioError("missing-data", `bank ${id}: is not in storage; calibrate again`);
      const text = new TextEncoder();
      const total = card.division.length;
      for (let stage = 0; stage < total; stage++) {
        await tick(signal);
        const name = `stage-${stage}.safetensors`;
        on({ type: "file", name, bytes: text.encode(name) });
        on(progress("export", `Wrote ${name}`, stage + 1, total));
      }
      on({ type: "file", name: INDEX, bytes: text.encode(JSON.stringify(card)) });
      return card;
    },
    async importBank({ files }, on, signal) {
      refuseBusy("importBank");
      const read = async (wanted: string) => {
        const found = files.find(({ name }) => name === wanted);
        if (found) return new TextDecoder().decode(await found.data.arrayBuffer());
        throw new StudioError(
          "missing-data",
          `${wanted}: is not among the ${files.length} files; give all of the export`,
        );
      };
      const card = JSON.parse(await read(INDEX)) as BankCard;
      const total = card.division.length;
      for (let stage = 0; stage < total; stage++) {
        await tick(signal);
        const name = `stage-${stage}.safetensors`;
        if ((await read(name)) !== name)
          throw new StudioError("corrupt-data", `${name}: is damaged; copy or export the files again`);
        cards.set(card.id, { ...card, stored: (stage + 1) / total, whole: stage + 1 === total });
        on(progress("import", `Stored ${name}`, stage + 1, total));
      }
      return card;
    },
  };
}
