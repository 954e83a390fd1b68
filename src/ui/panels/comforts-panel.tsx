// Beside work that takes long: being told when it ends, and a screen that stays on. Both only when asked for.

import { useId, useState } from "react";
import type { Explained } from "../../core/options.ts";
import { askForNotices, noticePermission } from "../parts/attention.ts";
import { Why } from "../parts/why.tsx";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";

export function ComfortsPanel() {
  const { notify, awake } = useStudio((state) => state.comfort);
  const setComfort = useStudio((state) => state.setComfort);
  const [permission, setPermission] = useState(noticePermission);
  async function wantNotices(wanted: boolean): Promise<void> {
    setComfort("notify", wanted && (await askForNotices()));
    setPermission(noticePermission());
  }
  return (
    <div className="comforts">
      {permission !== undefined && (
        <Wish
          label="Tell me when it ends"
          why={why.notify}
          wanted={notify && permission === "granted"}
          onChange={(wanted) => void wantNotices(wanted)}
        />
      )}
      {"wakeLock" in navigator && (
        <Wish
          label="Keep the screen on"
          why={why.awake}
          wanted={awake}
          onChange={(wanted) => setComfort("awake", wanted)}
        />
      )}
      {permission === "denied" && (
        <span role="status">This browser blocks notices of the page: allow them in the site’s settings.</span>
      )}
    </div>
  );
}

function Wish(props: {
  readonly label: string;
  readonly why: Explained;
  readonly wanted: boolean;
  readonly onChange: (wanted: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="field check">
      <input
        id={id}
        type="checkbox"
        checked={props.wanted}
        aria-details={`${id}-why`}
        onChange={({ target }) => props.onChange(target.checked)}
      />
      <label htmlFor={id}>{props.label}</label>
      <Why about={props.label} id={`${id}-why`} why={props.why} />
    </div>
  );
}
