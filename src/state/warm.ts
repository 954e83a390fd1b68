// Earlier schedules that a search starts from, as a link holds them: how many native timesteps, and the levels of equal
// stages ("1000:10-9-8"), separated by commas. Every search divides the timesteps equally.

import { StudioError } from "../core/errors.ts";
import { type Schedule, uniformDivision } from "../core/schedule.ts";
import { linkedLevels, parseLevels } from "./schedule-text.ts";

export function linkedWarm(schedules: readonly Schedule[]): string {
  return schedules.map(({ division, levels }) => `${1 + (division[0]?.high ?? 0)}:${linkedLevels(levels)}`).join(",");
}

/** @throws invalid-input */
export function parseWarm(text: string): Schedule[] {
  return text.split(",").map((part) => {
    const [, timesteps, levels] = /^(\d+):([\d-]+)$/.exec(part) ?? [];
    if (timesteps === undefined || levels === undefined)
      throw new StudioError(
        "invalid-input",
        `warm: "${part}" is no schedule to start from; write timesteps and levels, such as 1000:10-9-8`,
      );
    const parsed = parseLevels(levels);
    return { division: uniformDivision(parsed.length, Number(timesteps)), levels: parsed };
  });
}
