// A command with all that it starts, killed together: nothing of it can finish what it was writing.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { StudioError } from "../../../core/errors.ts";
import type { Milliseconds } from "../../../core/tensor.ts";

/** How often it is asked who is left. */
const PAUSE: Milliseconds = 20;

export class ProcessGroup {
  readonly #leader: ChildProcess;
  readonly #command: string;
  #output = { stdout: "", stderr: "" };
  #killed = false;

  /** Settles when its leader has ended. @throws invalid-input when that cannot be started or fails without being killed */
  readonly ended: Promise<void>;

  /** A group of its own, which no Ctrl-C reaches: the signal kills it. */
  constructor(command: string, args: readonly string[], signal: AbortSignal) {
    this.#command = command;
    this.#leader = spawn(command, args, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    for (const name of ["stdout", "stderr"] as const)
      this.#leader[name]?.on("data", (text: Buffer) => {
        this.#output[name] += text;
      });
    const kill = () => this.#signal();
    signal.addEventListener("abort", kill);
    this.ended = new Promise<void>((resolve, reject) => {
      this.#leader.on("error", (error) => reject(this.#failure(error.message)));
      this.#leader.on("close", (code) => (code === 0 || this.#killed ? resolve() : reject(this.#failure(`${code}`))));
    }).finally(() => signal.removeEventListener("abort", kill));
    this.ended.catch(() => {}); // whoever waits for it hears it
  }

  get killed(): boolean {
    return this.#killed;
  }

  /** What it has said on its standard error so far. */
  get stderr(): string {
    return this.#output.stderr;
  }

  /** Kills all of it with SIGKILL; settles when nothing of it is left. */
  async kill(): Promise<void> {
    this.#signal();
    while (await this.#lives()) await setTimeout(PAUSE);
  }

  #signal(): void {
    const { pid } = this.#leader;
    if (pid === undefined || this.#leader.exitCode !== null || this.#leader.signalCode !== null) return;
    this.#killed = true;
    process.kill(-pid, "SIGKILL");
  }

  /** A zombie of it is dead, though not yet buried. */
  async #lives(): Promise<boolean> {
    const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pgid=,stat="]);
    return stdout.split("\n").some((line) => {
      const [group, state = "Z"] = line.trim().split(/\s+/);
      return Number(group) === this.#leader.pid && !state.startsWith("Z");
    });
  }

  #failure(why: string): StudioError {
    const said = this.#output.stderr.trim().split("\n").slice(-5).join("\n");
    return new StudioError("invalid-input", `${this.#command} ended with ${why}:\n${said}`);
  }
}
