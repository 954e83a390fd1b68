// The shelf of tables: a new one is a file and a line here, and a title in evidence/results.ts.

import { combine } from "./combine.ts";
import { fitness } from "./fitness.ts";
import { greedy } from "./greedy.ts";
import { settings } from "./settings.ts";
import { sparsity } from "./sparsity.ts";
import type { Table } from "./table.ts";
import { table1 } from "./table1.ts";
import { transfer } from "./transfer.ts";

export const tables = { table1, combine, greedy, fitness, sparsity, settings, transfer } as const satisfies Readonly<
  Record<string, Table>
>;
export type TableId = keyof typeof tables;
