// What the bank has for each stage of a schedule.

import { StudioError } from "../../core/errors.ts";
import { stagesWithin } from "../../core/schedule.ts";
import type { StageRecord } from "../../engine/bank.ts";
import type { BankSchedule } from "../schedule-flags.ts";

/**
 * One record per stage, sampling order; neighbours may share one.
 * @throws missing-data when the bank lacks one
 */
export async function* scheduleStages({ bank, division }: BankSchedule): AsyncGenerator<StageRecord> {
  for (const stage of stagesWithin(division, bank.recipe.division)) {
    const record = await bank.stage(stage);
    if (!record)
      throw new StudioError("missing-data", `bank ${bank.id}: stage ${stage} is missing or damaged; calibrate again`);
    yield record;
  }
}
