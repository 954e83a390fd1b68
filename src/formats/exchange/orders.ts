// orders_layerdrop.json and orders_{wanda,magnitude,activation}.json: what each stage removes first. (The orders of OBS
// lie in the authors' bank, with the weights.)

import * as z from "zod/mini";
import { checkShape, parseJson, type Report, toJson } from "./folder.ts";
import { listToRecord, recordToList, recordToStages, stagesToRecord } from "./stages.ts";

/** Structures of one block, least important first. */
export interface BlockOrders {
  readonly heads: readonly number[];
  readonly channels: readonly number[];
}

const order = z.array(z.int());
const depthSchema = z.record(z.string(), order);
const widthSchema = z.record(
  z.string(),
  z.record(z.string(), z.looseObject({ attn_heads_order: order, mlp_channels_order: order })),
);

/** @param stages blocks, least important first, of every stage in sampling order */
export function writeDepthOrders(stages: readonly (readonly number[])[]): string {
  return toJson(stagesToRecord(stages));
}

/** @param stages [stage in sampling order][block] */
export function writeWidthOrders(stages: readonly (readonly BlockOrders[])[]): string {
  const blockToAuthors = ({ heads, channels }: BlockOrders) => ({
    attn_heads_order: heads,
    mlp_channels_order: channels,
  });
  return toJson(stagesToRecord(stages.map((blocks) => listToRecord(blocks.map(blockToAuthors)))));
}

/** As `writeDepthOrders` takes them; undefined after a report. */
export function readDepthOrders(text: string, report: Report): number[][] | undefined {
  const record = checkShape(depthSchema, parseJson(text, report), report);
  return record && recordToStages(record, report);
}

/** As `writeWidthOrders` takes them; undefined after a report. */
export function readWidthOrders(text: string, report: Report): BlockOrders[][] | undefined {
  const record = checkShape(widthSchema, parseJson(text, report), report);
  const stages = record && recordToStages(record, report);
  const read = stages?.map((blocks) =>
    recordToList(blocks, "block", report)?.map(({ attn_heads_order, mlp_channels_order }) => ({
      heads: attn_heads_order,
      channels: mlp_channels_order,
    })),
  );
  return read?.every((blocks) => blocks !== undefined) ? read : undefined;
}
