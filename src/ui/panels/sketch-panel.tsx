// The same pictures by the dense model and by the edited schedule, drawn again while it is edited, and by one that it is
// compared with. What is missing for that is offered.

import type { CSSProperties } from "react";
import { about } from "../../core/format.ts";
import type { ReferenceId } from "../../state/editor-presets.ts";
import { selectReferences } from "../../state/editor-presets.ts";
import { className, pictureLabels } from "../../state/labels.ts";
import { selectDraftBank } from "../../state/select-draft.ts";
import { selectSketchRows } from "../../state/select-sketch.ts";
import { selectBusy } from "../../state/work-slice.ts";
import { Card } from "../parts/card.tsx";
import { Icon } from "../parts/icon.tsx";
import { Meter } from "../parts/meter.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { useStudio } from "../studio.tsx";
import { looks } from "../theme.ts";
import { why } from "../why.ts";
import { SketchRow } from "./sketch-row.tsx";

export function SketchPanel() {
  const card = useStudio((state) => state.model.card);
  const rows = useStudio(selectSketchRows);
  const settings = useStudio((state) => state.settings);
  const openComparison = useStudio((state) => state.openComparison);
  if (!card) return null;
  const labels = pictureLabels(card);
  const classes = labels.map((label) => className(card, label));
  return (
    <Card
      title="Pictures"
      className="samples sketch"
      tour="pictures"
      about={`Same noise, same classes · ${settings.steps} steps · guidance ${settings.guidance} · from the first changed stage on`}
      tools={<Tools />}
    >
      <Prepare />
      <div className="grid" style={{ "--columns": labels.length } as CSSProperties}>
        {rows.map((row) => (
          <SketchRow
            key={row.id}
            row={row}
            classes={classes}
            onCompare={(column) =>
              openComparison(
                rows.map(({ id }) => id),
                column,
                settings,
              )
            }
          />
        ))}
      </div>
    </Card>
  );
}

const NOTHING = "nothing";

function Tools() {
  const live = useStudio((state) => state.sketch.live);
  const reference = useStudio((state) => state.sketch.reference);
  const offered = useStudio(selectReferences);
  const setLive = useStudio((state) => state.setLive);
  const compareWith = useStudio((state) => state.compareWith);
  const drawSketch = useStudio((state) => state.drawSketch);
  return (
    <>
      <Segmented<ReferenceId | typeof NOTHING>
        legend="Compare with"
        why={why.reference}
        value={reference ?? NOTHING}
        choices={[{ id: NOTHING, label: "Alone" }, ...offered.map(({ id }) => ({ id, label: looks[id].label }))]}
        onChange={(id) => compareWith(id === NOTHING ? undefined : id)}
      />
      <Segmented
        legend="Draw"
        why={why.live}
        value={live ? "live" : "asked"}
        choices={[
          { id: "live", label: "Live", name: "Draw after every change" },
          { id: "asked", label: "On demand", name: "Draw when asked" },
        ]}
        onChange={(id) => setLive(id === "live")}
      />
      {!live && (
        <button type="button" className="button" onClick={() => void drawSketch()}>
          Sample
        </button>
      )}
    </>
  );
}

/** The bank that drawings need: whether there is one, and how to get it. */
function Prepare() {
  const { id, card } = useStudio(selectDraftBank);
  const work = useStudio((state) => state.work);
  const busy = useStudio(selectBusy);
  const estimate = useStudio((state) => state.estimate);
  const prepareBank = useStudio((state) => state.prepareBank);
  const cancelWork = useStudio((state) => state.cancelWork);
  if (card?.whole) return null;
  if (work?.kind === "bank")
    return (
      <div className="prepare">
        <span>{work.progress?.label ?? "Preparing…"}</span>
        <button type="button" className="button" disabled={work.stopping} onClick={cancelWork}>
          Cancel
        </button>
        <Meter label="Preparing" share={work.progress ? work.progress.done / Math.max(1, work.progress.total) : 0} />
      </div>
    );
  return (
    <div className="prepare">
      <span>
        {id === undefined
          ? "Looking for the pruned weights of these settings…"
          : "Your schedule is drawn with pruned weights, which calibration has yet to make. They are kept, and a search uses them too."}
      </span>
      <button
        type="button"
        className="button primary"
        disabled={busy || id === undefined}
        onClick={() => void prepareBank()}
      >
        <Icon name="play" />
        Prepare{estimate ? `, ${about(estimate.calibrate)}` : ""}
      </button>
    </div>
  );
}
