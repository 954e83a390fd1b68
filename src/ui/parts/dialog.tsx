// The platform's modal dialog: it keeps the focus inside, closes on Escape and gives the focus back.

import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { Icon } from "./icon.tsx";

export function Dialog(props: {
  readonly title: string;
  readonly className?: string;
  readonly onClose: () => void;
  /** Keys pressed and released anywhere inside. */
  readonly onKey?: (event: KeyboardEvent, down: boolean) => void;
  readonly children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    // The title first: it is read out, and no control is armed by surprise.
    dialog.current?.querySelector("h2")?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`dialog ${props.className ?? ""}`}
      aria-label={props.title}
      onClose={props.onClose}
      onKeyDown={(event) => props.onKey?.(event, true)}
      onKeyUp={(event) => props.onKey?.(event, false)}
    >
      <header className="dialog-head">
        <h2 tabIndex={-1}>{props.title}</h2>
        <button
          type="button"
          className="button icon-only quiet"
          aria-label="Close"
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </header>
      {props.children}
    </dialog>
  );
}
