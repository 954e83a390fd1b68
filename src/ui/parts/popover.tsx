// A button that shows a few sentences. The platform's popover closes itself on Escape and on a click elsewhere; only
// its place is ours.

import { type CSSProperties, type ReactNode, useId, useRef, useState } from "react";

const MARGIN = 8;

export function Popover(props: {
  /** What the button shows; `label` is read when that is only a picture. */
  readonly button: ReactNode;
  readonly label?: string;
  readonly className: string;
  /** Of what it shows; its own unless given. */
  readonly id?: string | undefined;
  readonly children: ReactNode;
}) {
  const own = useId();
  const { id = own } = props;
  const button = useRef<HTMLButtonElement>(null);
  const [style, setStyle] = useState<CSSProperties>({});

  function place(panel: HTMLElement): void {
    const at = button.current?.getBoundingClientRect();
    if (!at) return;
    const { offsetWidth: width, offsetHeight: height } = panel;
    const left = Math.min(at.left, window.innerWidth - width - MARGIN);
    const below = at.bottom + MARGIN / 2;
    const top = below + height > window.innerHeight ? at.top - height - MARGIN / 2 : below;
    setStyle({ left: Math.max(MARGIN, left), top: Math.max(MARGIN, top) });
  }

  return (
    <>
      <button ref={button} type="button" className={props.className} popoverTarget={id} aria-label={props.label}>
        {props.button}
      </button>
      <div
        id={id}
        popover="auto"
        className="popover"
        style={style}
        onToggle={(event) => event.newState === "open" && place(event.currentTarget)}
      >
        {props.children}
      </div>
    </>
  );
}

/** The small question mark behind a name. */
export function Help(props: {
  readonly about: string;
  readonly id?: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <Popover className="help" label={`About ${props.about}`} button="?" id={props.id}>
      {props.children}
    </Popover>
  );
}
