// The engine without a page. stdout carries the result (JSON, or a table where one is asked for), stderr the progress;
// exit code 0 is success, 1 an error of the data or the device, 2 a wrong command line.

import { isAbort, StudioError } from "../core/errors.ts";
import { bank } from "./commands/bank.ts";
import { bench } from "./commands/bench.ts";
import { calibrate } from "./commands/calibrate.ts";
import type { Command } from "./commands/command.ts";
import { evaluate } from "./commands/evaluate.ts";
import { evidence } from "./commands/evidence.ts";
import { exportSchedule } from "./commands/export.ts";
import { importSchedule } from "./commands/import.ts";
import { report } from "./commands/report.ts";
import { sample } from "./commands/sample.ts";
import { search } from "./commands/search.ts";
import { sensitivity } from "./commands/sensitivity.ts";
import { sweep } from "./commands/sweep.ts";
import { parseFlags, UsageError, usage } from "./flags.ts";

const commands: Readonly<Record<string, Command>> = {
  sample,
  calibrate,
  search,
  sensitivity,
  sweep,
  export: exportSchedule,
  import: importSchedule,
  evaluate,
  report,
  bank,
  bench,
  evidence,
};

async function main([name = "help", ...rest]: string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const args = command?.subject && rest[0] && !rest[0].startsWith("-") ? [`--${command.subject}`, ...rest] : rest;
  if (!command) {
    const asked = name === "help" || name === "--help";
    if (!asked) process.stderr.write(`there is no command "${name}"\n\n`);
    const list = Object.entries(commands).map(([key, { help }]) => `  ${key.padEnd(11)} ${help}`);
    process.stderr.write(
      `usage: npm run -s cli -- <command> [flags]\n\n${list.join("\n")}\n\n<command> --help lists flags; times in the JSON are milliseconds, unless their name says seconds\n`,
    );
    return asked ? 0 : 2;
  }
  if (args.includes("--help")) {
    process.stdout.write(`${usage(name, command.help, command.flags)}\n`);
    return 0;
  }
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  try {
    const result = await command.run(parseFlags(command.flags, args), {
      signal: controller.signal,
      report: (line) => process.stderr.write(`${line}\n`),
    });
    process.stdout.write(`${typeof result === "string" ? result : JSON.stringify(result, undefined, 2)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${usage(name, command.help, command.flags)}\n`);
      return 2;
    }
    if (isAbort(error)) process.stderr.write("cancelled; what was finished is stored\n");
    else if (error instanceof StudioError) process.stderr.write(`${error.code}: ${error.message}\n`);
    else process.stderr.write(`${(error as Error).stack ?? error}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
