// What the sections of the documents are written with.

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
