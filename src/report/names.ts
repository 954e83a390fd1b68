// What schedules that are compared are called.

import type { ScheduleId } from "../engine/api.ts";

export const scheduleNames: Readonly<Record<ScheduleId, string>> = {
  dense: "Dense",
  uniform: "Uniform",
  mosaic: "MosaicDiff",
  searched: "Searched",
  yours: "Yours",
};
