// report: a finished search as one HTML file, with pictures drawn anew from its bank.

import { cpus } from "node:os";
import packed from "../../../package.json" with { type: "json" };
import type { Engine, ModelCard, SearchResult } from "../../engine/api.ts";
import { pageLink } from "../../report/link.ts";
import { type PictureRow, runReport } from "../../report/run-report.ts";
import { finishedRun, finishedRunFlags, runFolder } from "../finished-run.ts";
import type { ParsedFlags } from "../flags.ts";
import { encodeSheet } from "../pictures/encode.ts";
import { writeWhole } from "../whole-file.ts";
import { withModel } from "../with-model.ts";
import { type Command, type Context, modelFlags } from "./command.ts";

export const report: Command = {
  help: "write a finished search as one HTML file: verdict, schedules, pictures, numbers, and how to make it again",
  subject: "run",
  flags: {
    ...modelFlags,
    ...finishedRunFlags,
    page: { value: "URL", default: "http://localhost:4173/", help: "where the link leads: a page of the studio" },
    out: { value: "FILE.html", required: true, help: "gets the report" },
  },
  async run(flags, context) {
    const out = flags.text("out");
    return withModel(flags, runFolder(flags), context, async ({ engine, card }) => {
      const result = await finishedRun(flags, engine, card);
      const title = (await engine.runs()).find(({ run }) => run === result.run)?.name;
      const html = runReport({
        title: title ?? `Run ${result.run}`,
        result,
        pictures: await drawn(engine, result, card, context),
        classes: card.classes,
        environment: [
          ["Written by", `Diff-ES Studio ${packed.version}, Node ${process.version}`],
          ["Processor", `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`],
        ],
        link: pageLink(flags.text("page"), result.request),
        model: modelArguments(flags),
        made: new Date().toISOString().slice(0, 10),
      });
      await writeWhole(out, html);
      return { out, run: result.run, bytes: Buffer.byteLength(html) };
    });
  },
};

/** A picture of each class by every schedule of the comparison. @throws missing-data when the bank is not there */
async function drawn(
  engine: Engine,
  { comparisons, request }: SearchResult,
  card: ModelCard,
  { report, signal }: Context,
): Promise<PictureRow[]> {
  const { steps, guidance, sampler, seed } = request;
  const labels = card.classes.map((_, label) => label);
  const rows: PictureRow[] = [];
  for (const { id, schedule } of comparisons) {
    report(`Drawing ${id}`);
    const grid = await engine.sample({ schedule, steps, guidance, sampler, seed, labels }, () => {}, signal);
    rows.push({ id, pictures: grid.pixels.map((pixels) => addressOf(encodeSheet([[pixels]], grid.side))) });
  }
  return rows;
}

function addressOf(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}

/** As they were given. */
function modelArguments(flags: ParsedFlags): string[] {
  return ["model", "heads", "guided-channels"].flatMap((name) => {
    const value = flags.optional(name);
    return value === undefined ? [] : [`--${name}`, value];
  });
}
