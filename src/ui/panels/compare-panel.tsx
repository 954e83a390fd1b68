// Two to four schedules on the same picture in large, seen through one frame: side by side, one wiped over the other,
// or as maps of their differences. Holding Space shows the first one's picture in every place, which tells small
// differences better than looking back and forth.

import { type KeyboardEvent, useEffect, useState } from "react";
import { className } from "../../state/labels.ts";
import { type Comparison, selectComparison } from "../../state/select-comparison.ts";
import { Card } from "../parts/card.tsx";
import { Icon } from "../parts/icon.tsx";
import { useZoom } from "../parts/use-zoom.ts";
import { useStudio } from "../studio.tsx";
import { CompareExport } from "./compare-export.tsx";
import { CompareFilm } from "./compare-film.tsx";
import { AddSide } from "./compare-picker.tsx";
import { CompareSteps } from "./compare-steps.tsx";
import { CompareTile } from "./compare-tile.tsx";
import { CompareTools, type Look } from "./compare-tools.tsx";

export function ComparePanel() {
  const card = useStudio((state) => state.model.card);
  const comparison = useStudio(selectComparison);
  if (!card) return <p className="empty">Load a model to compare its schedules.</p>;
  const { steps, guidance, seed } = comparison.plan;
  return (
    <Card
      title="Pictures"
      className="compare"
      tour="compare"
      about={`Same noise, same classes · ${steps} steps · guidance ${guidance} · seed ${seed}`}
      tools={
        <>
          <PlanButton comparison={comparison} />
          <CompareExport comparison={comparison} />
        </>
      }
    >
      {comparison.sides.length < 2 && <Nothing />}
      <Linked />
      <Sides comparison={comparison} />
      <CompareFilm comparison={comparison} />
    </Card>
  );
}

/** What to do to have something to compare. */
function Nothing() {
  const goTo = useStudio((state) => state.goTo);
  return (
    <div className="prepare">
      <span>
        There is only the dense model to look at yet. A search finds schedules to compare; Explore prepares the pruned
        weights for one that you draw yourself.
      </span>
      <div className="row">
        <button type="button" className="button" onClick={() => goTo("search")}>
          Go to Search
        </button>
        <button type="button" className="button" onClick={() => goTo("explore")}>
          Go to Explore
        </button>
      </div>
    </div>
  );
}

/** Opening a link starts no work. */
function Linked() {
  const held = useStudio((state) => state.compare.held);
  const drawLinked = useStudio((state) => state.drawLinked);
  if (!held) return null;
  return (
    <div className="prepare">
      <span>Opening a link draws nothing. Schedules that this browser does not have can be chosen anew below.</span>
      <button type="button" className="button primary" onClick={drawLinked}>
        <Icon name="play" />
        Draw their pictures
      </button>
    </div>
  );
}

/** Pictures follow the run that they were opened from, until they are asked to follow the settings. */
function PlanButton({ comparison: { plan } }: { readonly comparison: Comparison }) {
  const settings = useStudio((state) => state.settings);
  const compareOn = useStudio((state) => state.compareOn);
  const same = (["steps", "guidance", "seed", "sampler"] as const).every(
    (key) => JSON.stringify(plan[key]) === JSON.stringify(settings[key]),
  );
  if (same) return null;
  return (
    <button type="button" className="button quiet" onClick={() => compareOn({ plan: settings })}>
      Use the settings’ steps, guidance and seed
    </button>
  );
}

function Sides({ comparison }: { readonly comparison: Comparison }) {
  const { sides, arranged, labels } = comparison;
  const card = useStudio((state) => state.model.card);
  const { picture, step, sides: asked } = useStudio((state) => state.compare);
  const compareOn = useStudio((state) => state.compareOn);
  const [look, setLook] = useState<Look>({ show: "pictures", gain: 4, split: 0.5 });
  const [held, setHeld] = useState(false);
  const control = useZoom(".frame");
  const { element } = control;
  // A picture that was clicked elsewhere is what a person wants to work with.
  useEffect(() => element.current?.focus({ preventScroll: true }), [element]);

  const turn = (by: number) => {
    const at = arranged.indexOf(picture) + by;
    compareOn({ picture: arranged[(at + arranged.length) % arranged.length] ?? 0 });
  };
  function onKey(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget) return;
    const { key } = event;
    const plain = !(event.ctrlKey || event.metaKey || event.altKey);
    if (!plain) return;
    if (key === " ") setHeld(true);
    else if (control.takeKey(event)) event.stopPropagation();
    else if (key === "ArrowLeft") turn(-1);
    else if (key === "ArrowRight") turn(1);
    else return;
    event.preventDefault();
  }
  const [reference] = sides;
  const name = card && labels[picture] !== undefined ? className(card, labels[picture]) : "";
  return (
    <>
      <CompareTools
        look={look}
        onLook={(change) => setLook({ ...look, ...change })}
        held={held}
        onHold={setHeld}
        control={control}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a group that takes keys, as a canvas would */}
      <div
        ref={element}
        className="sides"
        role="group"
        aria-label={`${name}, large: arrows for other pictures, plus and minus to zoom, Space to see the first everywhere`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys need the focus
        tabIndex={0}
        data-count={asked.length}
        onKeyDown={onKey}
        onKeyUp={({ key }) => key === " " && setHeld(false)}
        onBlur={() => setHeld(false)}
        {...control.handlers}
      >
        {asked.map((id, index) => (
          <CompareTile
            key={id}
            id={id}
            index={index}
            side={sides.find((side) => side.id === id)}
            reference={reference}
            pixels={comparison.side}
            picture={picture}
            step={step}
            name={name}
            look={look}
            held={held}
            zoom={control.zoom}
            onSplit={(split) => setLook({ ...look, split })}
          />
        ))}
        <AddSide />
      </div>
      <CompareSteps timesteps={comparison.timesteps} />
    </>
  );
}
