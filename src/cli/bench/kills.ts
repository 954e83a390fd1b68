// What does a search on the command line survive? The same command runs once undisturbed, then in another folder until it
// was killed, with all that it had started, at so many random moments, and at last to its end.

import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { modelFlags } from "../commands/command.ts";
import type { OutsideBench } from "./bench.ts";
import { searchCommand } from "./kills/command.ts";
import { endure } from "./kills/lives.ts";
import { searchArguments } from "./kills/settings.ts";

export const kills: OutsideBench = {
  help: "a search on the command line, killed at random moments: what is lost, made twice, different",
  async observe({ flags, folder }, context) {
    const given = Object.keys(modelFlags).filter((name) => flags.has(name));
    const args = [...searchArguments, ...given.flatMap((name) => [`--${name}`, flags.text(name)])];
    const home = await mkdtemp(join(folder, "kills-"));
    const place = (name: string) => () => searchCommand(join(home, name), args, context.signal);
    return endure(place("undisturbed"), place("killed"), flags.integer("kills"), context);
  },
};
