// Whether storage has room for what is about to be written.

import { StudioError } from "../core/errors.ts";
import type { Bytes } from "../core/tensor.ts";
import type { Storage } from "../storage/storage.ts";

/** Finds out before the work what storage would say after it. @throws storage-full */
export async function checkRoom(storage: Storage, what: string, needed: Bytes): Promise<void> {
  const free = await storage.freeBytes();
  if (free === undefined || needed <= free) return;
  const [wanted, left] = [needed, free].map((bytes) => `${(bytes / 1e6).toFixed(1)} MB`);
  throw new StudioError(
    "storage-full",
    `${what}: ${wanted} are to be written, ${left} are free; remove banks or runs that are not needed, or free some space`,
    { needed, free },
  );
}
