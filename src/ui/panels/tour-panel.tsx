// The tour's stop, beside the control that it speaks of. The page stays usable: it is there to be tried. Another view
// hides the tour, and coming back shows it again. On a phone there is no room beside a control: it stands on the foot.

import { Popover } from "radix-ui";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { type TourStop, tourStops } from "../../state/tour-slice.ts";
import { Icon } from "../parts/icon.tsx";
import { useWide } from "../parts/use-wide.ts";
import { useStudio } from "../studio.tsx";
import { tourWords } from "../tour.tsx";
import "../tour.css";

const FOOT = '[data-tour="search"]';
/** CSS pixels that a stop takes below what it points at. */
const ROOM = 300;

export function TourPanel() {
  const stop = useStudio((state) => tourStops[state.tour.at]);
  const here = useStudio((state) => state.tour.open && state.view === tourStops[state.tour.at]?.view);
  return here && stop ? <Stop key={stop.id} stop={stop} /> : null;
}

function Stop({ stop }: { readonly stop: TourStop }) {
  const turn = useStudio((state) => state.turnTour);
  const leaveTour = useStudio((state) => state.leaveTour);
  const taken = useStudio((state) => state.tour);
  const target = useTarget(stop);
  const wide = useWide();
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  // After what the view itself focuses when it arrives, and again when the tour is asked for from the page.
  useEffect(() => {
    if (taken && target) heading.current?.focus({ preventScroll: true });
  }, [taken, target]);
  const anchor = useMemo(() => ({ getBoundingClientRect: () => inSight(target) }), [target]);
  if (!target) return null;
  const { title, text } = tourWords[stop.id];
  const at = tourStops.indexOf(stop);
  const last = at === tourStops.length - 1;
  function leave(): void {
    leaveTour();
    target?.querySelector<HTMLElement>("button, input, select, [tabindex='0']")?.focus({ preventScroll: true });
  }
  function onKey({ key }: KeyboardEvent): void {
    if (key === "ArrowRight" && !last) turn(1);
    if (key === "ArrowLeft") turn(-1);
  }
  return (
    <Popover.Root open>
      <Popover.Anchor virtualRef={{ current: wide ? anchor : document.querySelector(FOOT) }} />
      <Popover.Portal>
        <Popover.Content
          className="tour"
          aria-labelledby={`${id}-title`}
          aria-describedby={`${id}-text`}
          side={wide ? "bottom" : "top"}
          sideOffset={8}
          collisionPadding={8}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            heading.current?.focus({ preventScroll: true });
          }}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onInteractOutside={(event) => event.preventDefault()}
          // What lies over the page closes first.
          onEscapeKeyDown={() => document.querySelector(":modal, :popover-open") ?? leave()}
          onKeyDown={onKey}
        >
          <div className="tour-head">
            <h2 ref={heading} id={`${id}-title`} tabIndex={-1}>
              {title}
            </h2>
            <button type="button" className="button icon-only quiet" aria-label="Leave the tour" onClick={leave}>
              <Icon name="close" />
            </button>
          </div>
          <div id={`${id}-text`} className="tour-text">
            {text}
          </div>
          <div className="tour-foot">
            <span className="muted small">
              Tour, {at + 1} of {tourStops.length}
            </span>
            <button type="button" className="button quiet" disabled={at === 0} onClick={() => turn(-1)}>
              Back
            </button>
            <button type="button" className="button primary" onClick={() => turn(1)}>
              {last ? "Done" : "Next"}
            </button>
          </div>
          {wide && <Popover.Arrow className="tour-arrow" />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** As much of it as leaves room for the stop. */
function inSight(target: Element | undefined): DOMRect {
  const { x, y, width, height } = target?.getBoundingClientRect() ?? new DOMRect();
  return new DOMRect(x, y, width, Math.max(0, Math.min(height, window.innerHeight - ROOM - y)));
}

/** What the stop points at, unfolded, scrolled to and marked; until it is there, the view that will hold it. */
function useTarget({ id, view }: TourStop): Element | undefined {
  const [target, setTarget] = useState<Element>();
  useEffect(() => {
    const find = () =>
      setTarget(
        document.querySelector(`[data-tour="${id}"]`) ??
          document.querySelector(`[role="tabpanel"][id$="${view}"]`) ??
          undefined,
      );
    find();
    const watch = new MutationObserver(find);
    watch.observe(document.body, { childList: true, subtree: true });
    return () => watch.disconnect();
  }, [id, view]);
  useEffect(() => {
    if (!target) return;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null)
      fold.open = true;
    target.setAttribute("data-tour-now", "");
    target.scrollIntoView();
    return () => target.removeAttribute("data-tour-now");
  }, [target]);
  return target;
}
