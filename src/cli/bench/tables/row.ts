// A row of a table, as data: which schedule it is about, where that is found and where it is used. Whatever says the same
// is computed once, whichever table asks.

import type { Level, Macs, Ratio } from "../../../core/tensor.ts";
import type { RoutedSchedule, SearchRequest } from "../../../engine/api.ts";
import type { LoadedModel } from "../../../engine/load.ts";
import { sha256Json } from "../../../formats/hash.ts";
import type { Device } from "../../../runtime/runtime.ts";
import type { MethodId } from "./methods.ts";

/** Of the record, and of the arithmetic behind it: a change of either gets a new number. */
const VERSION = 1;

export interface Row {
  /** What it is called, a cell for each of the table's first columns; rows of the same name differ by their seed. */
  readonly cells: readonly string[];
  readonly method: MethodId;
  /** The setting that the schedule is found in: pruner, budget, stages, solver, pictures to search on, seed. */
  readonly found: SearchRequest;
  /** The one that it is sampled in, unless that is the same. */
  readonly used?: SearchRequest;
  /** How many are evaluated. */
  readonly pictures: number;
  /** Has its place on the table's sheet of pictures and in its drawing of schedules. */
  readonly shown?: boolean;
}

/** What was measured of a row. */
export interface Measured {
  /** Absent for the dense model. */
  readonly schedule?: RoutedSchedule;
  /** Of every visited step. */
  readonly levels: readonly Level[];
  /** Of a whole trajectory of one picture, one forward a step (guidance not doubled, as the paper counts). */
  readonly macs: Macs;
  readonly denseMacs: Macs;
  readonly sparsity: Ratio;
  /** By metric id, as published. */
  readonly values: Readonly<Record<string, number>>;
  /** Of processor time. */
  readonly seconds: { readonly finding: number; readonly evaluating: number };
}

export function usedIn({ found, used = found }: Row): SearchRequest {
  return used;
}

/** Hash of everything that makes what is measured of a row; its name is no part of it. */
export function rowId(model: LoadedModel, device: Device, row: Row): string {
  const { method, found, pictures } = row;
  const used = usedIn(row);
  const { steps, guidance, sampler, seed } = used;
  const asked = method === "dense" ? [steps, guidance, sampler, seed] : [found, used];
  return sha256Json([VERSION, model.card.id, device.backend, method, asked, pictures]).slice(0, 32);
}
