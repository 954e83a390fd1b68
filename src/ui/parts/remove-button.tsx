// Removes something that cannot be brought back, so it asks once more in its own place.

import { useState } from "react";
import { Icon } from "./icon.tsx";

export function RemoveButton(props: {
  /** What is removed, for those who hear the page. */
  readonly name: string;
  readonly disabled: boolean;
  readonly onRemove: () => void;
}) {
  const [asked, setAsked] = useState(false);
  return (
    <button
      type="button"
      className={asked ? "button danger" : "button icon-only quiet"}
      aria-label={`${asked ? "Really remove" : "Remove"} ${props.name}`}
      disabled={props.disabled}
      onBlur={() => setAsked(false)}
      onClick={() => (asked ? props.onRemove() : setAsked(true))}
    >
      {asked ? "Remove?" : <Icon name="trash" />}
    </button>
  );
}
