// The schedules that are compared, over each other on one axis, as a figure that can be taken along.

import { useMemo, useRef, useState } from "react";
import { selectComparison } from "../../state/select-comparison.ts";
import { type AxisId, axes, overlayAxis } from "../charts/overlay-axis.ts";
import { OverlayTable } from "../charts/overlay-table.tsx";
import { ScheduleOverlay } from "../charts/schedule-overlay.tsx";
import { Card } from "../parts/card.tsx";
import { standalone } from "../parts/figure.ts";
import { FigureButtons } from "../parts/figure-buttons.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { sideLook } from "../side-look.ts";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";

export function OverlayPanel() {
  const card = useStudio((state) => state.model.card);
  const runs = useStudio((state) => state.session.runs);
  const { sides, timesteps } = useStudio(selectComparison);
  const [axisId, setAxis] = useState<AxisId>("timestep");
  const figure = useRef<SVGSVGElement>(null);
  const data = useMemo(() => {
    const axis = card && overlayAxis(axisId, timesteps, card.logSnr);
    return axis && { axisId, axis, rows: sides.map((side) => ({ ...side, look: sideLook(side.id, runs) })) };
  }, [card, axisId, timesteps, sides, runs]);
  if (!data || sides.length < 2) return null;
  return (
    <Card
      title="Schedules"
      className="compare"
      about="Sparsity along the denoising, of any divisions together"
      tools={
        <>
          <Segmented
            legend="Axis"
            why={why.axis}
            value={axisId}
            choices={(Object.keys(axes) as AxisId[]).map((id) => ({ id, label: axes[id].label }))}
            onChange={setAxis}
          />
          <FigureButtons
            name={`diff-es-schedules-${axisId}`}
            svg={() => (figure.current ? standalone(figure.current) : undefined)}
          />
        </>
      }
    >
      <ScheduleOverlay data={data} figure={figure} />
      <details>
        <summary>Show as a table</summary>
        <OverlayTable data={data} />
      </details>
    </Card>
  );
}
