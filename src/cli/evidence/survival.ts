// What a search survives: the section of docs/benchmarks.md.

import type { Survival } from "../bench/kills/lives.ts";
import { percent, type Surroundings, table } from "./markdown.ts";

type Around = Omit<Surroundings, "device">;

/** What `bench kills` and `bench page-kills` printed. */
export interface KillsReport extends Around {
  readonly result: Survival & { readonly device: string; readonly overhead: number };
}

/** The browser started again: whether the page knew the search, and what had been stored and was scored again. */
interface Again {
  readonly known: boolean;
  readonly same: boolean;
  readonly lost: number;
}

/** What `bench full-disk` printed. */
export interface FullDiskReport extends Around {
  readonly result: {
    readonly evaluations: number;
    readonly rows: readonly {
      readonly during: {
        readonly stored: number;
        readonly messageSeconds: number;
        readonly standstillSeconds: number;
        readonly same: boolean;
      };
      readonly full: Again;
      readonly freed: Again;
    }[];
  };
}

/** @param command on the command line. @param page in Chromium */
export function killsSection(command: KillsReport, page: KillsReport): string[] {
  return [
    "## Killed searches",
    `\`npm run -s cli -- bench kills --backend wasm --threads 1\`: ${place(command)}. \`npm run -s cli -- bench page-kills\`: ${place(page)}.`,
    "A small search runs undisturbed, and again while the process that does it is killed with all that it started (SIGKILL, for the page the whole browser) at random moments, a third of them before it has scored anything; each next process goes on. Made again are evaluations that had been stored, lost are stored ones that a later process did not find; what is in the making at a kill is made again. Resuming is from the start of the process until it has stored a score of its own, one evaluation included. Overhead is the share of an undisturbed search, from its banks to its winner, that goes by in the search's loop beside sampling, scoring and storing candidates.",
    table(
      [
        "search",
        "kills",
        "winner and history",
        "evaluations",
        "made again",
        "lost",
        "resumes after (longest)",
        "overhead",
      ],
      [["command line", command.result] as const, ["page", page.result] as const].map(
        ([name, { kills, sameWinner, sameHistory, evaluations, again, lost, resumeSeconds, overhead }]) => [
          `${name}`,
          String(kills),
          sameWinner && sameHistory ? "the same" : "others",
          `${evaluations.killed} of ${evaluations.undisturbed}`,
          String(again.all),
          String(lost),
          `${seconds(resumeSeconds.median)} (${seconds(resumeSeconds.max)})`,
          percent(overhead),
        ],
      ),
    ),
  ];
}

export function fullDiskSection(report: FullDiskReport): string[] {
  const { evaluations, rows } = report.result;
  const shown = ({ known, same, lost }: Again) =>
    `${known ? "known" : "unknown"}, ${same ? "same history" : "another history"}, ${lost} scored again`;
  return [
    "## Full disks",
    `\`npm run -s cli -- bench full-disk --folder DIR\`, DIR on a disk of 160 MB: ${place(report)}.`,
    `The disk of the browser's profile fills up at a random moment of a search of ${evaluations} evaluations in the page, and stays full. The search goes on in memory; the browser is then closed and opened again, with the disk full and with room. It says so counted from the first evaluation that it could not store. Standing still is the longest time in which the page saw no progress, evaluations included. Scored again are evaluations whose storage had been acknowledged.`,
    table(
      ["stored before", "says so after", "stands still", "ends", "opened with a full disk", "opened with room"],
      rows.map(({ during, full, freed }) => [
        String(during.stored),
        seconds(during.messageSeconds),
        seconds(during.standstillSeconds),
        during.same ? "same history" : "another history",
        shown(full),
        shown(freed),
      ]),
    ),
  ];
}

function place({ processor, node, commit, result }: Around & { readonly result: object }): string {
  const device = "device" in result ? `${result.device}, ` : "";
  return `${device}${processor}, Node ${node.slice(1)}, commit ${commit}`;
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
