// The command line as a process of its own.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function cli(...args: string[]): Promise<Outcome> {
  const tsx = join(import.meta.dirname, "../../node_modules/.bin/tsx");
  const main = join(import.meta.dirname, "../cli/main.ts");
  try {
    return { code: 0, ...(await promisify(execFile)(tsx, [main, ...args])) };
  } catch (error) {
    return error as Outcome;
  }
}
