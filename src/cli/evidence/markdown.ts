// What the sections of the documents, and tables on the command line, are written with.

import type { Difference } from "../../engine/api.ts";

/** What every report says of where it was measured. */
export interface Surroundings {
  readonly commit: string;
  readonly node: string;
  readonly processor: string;
  readonly device: { readonly name: string };
}

/** The command, and what it ran on. */
export function around({ device, processor, node, commit }: Surroundings, command: string): string {
  return `\`npm run -s cli -- bench ${command}\`: ${device.name}, ${processor}, Node ${node.slice(1)}, commit ${commit}.`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function signed(value: number): string {
  return `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(3)}`;
}

/** Of paired scores, with its interval; † where that holds none. */
export function difference({ mean, low, high }: Difference): string {
  return `${signed(mean)} (${signed(low)} … ${signed(high)})${low <= 0 && high >= 0 ? " †" : ""}`;
}

/** Of a ratio. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
