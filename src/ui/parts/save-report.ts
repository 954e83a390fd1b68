// A stored run as a report on the person's disk.

import type { ModelCard, SearchResult } from "../../engine/api.ts";
import { pageLink } from "../../report/link.ts";
import { runReport } from "../../report/run-report.ts";
import { className } from "../../state/labels.ts";
import type { DrawnSchedule } from "../../state/library-slice.ts";
import { pictureAddress } from "./comparison-figure.ts";
import { download } from "./download.ts";
import { surroundings } from "./surroundings.ts";

/** Where the command line finds the model that the page brings. */
const DEMO = "public/models/tiny-worlds";

export async function saveReport(wanted: {
  /** Without an ending. */
  readonly name: string;
  readonly title: string;
  readonly result: SearchResult;
  readonly pictures: readonly DrawnSchedule[];
  readonly model: ModelCard;
}): Promise<void> {
  const { name, title, result, pictures, model } = wanted;
  const { versions, browser, processors } = await surroundings();
  const report = runReport({
    title,
    result,
    pictures: pictures.map(({ id, grid }) => ({
      id,
      pictures: grid.pixels.map((pixels) => pictureAddress(pixels, grid.side)),
    })),
    classes: (pictures[0]?.grid.labels ?? []).map((label) => className(model, label)),
    environment: [
      ["Written by", `Diff-ES Studio ${versions.studio}`],
      ["Browser", browser],
      ["Processors", String(processors)],
    ],
    link: pageLink(window.location.href, result.request),
    model: modelArguments(model),
    made: new Date().toISOString().slice(0, 10),
  });
  download(`${name}.html`, report, "text/html");
}

/** A model without a decoder is a file that the person opened. */
function modelArguments({ name, hasDecoder, spec }: ModelCard): string[] {
  if (hasDecoder) return ["--model", DEMO];
  return ["--model", name, "--heads", String(spec.heads), "--guided-channels", String(spec.guidedChannels)];
}
