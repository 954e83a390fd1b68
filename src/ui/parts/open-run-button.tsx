// "Open run…": a folder of somebody else's search, watched where the browser can, or its files.

import { useId } from "react";
import type { RunFolder } from "../../state/run-folder.ts";
import { Icon } from "./icon.tsx";
import { folderPicker, pickedFiles } from "./opened-folder.ts";

const pick = folderPicker();
/** Not in React's types: it makes the dialog ask for a folder. */
const asFolder = { webkitdirectory: "" };

export function OpenRunButton(props: { readonly disabled: boolean; readonly onFolder: (folder: RunFolder) => void }) {
  const id = useId();
  const { disabled, onFolder } = props;
  if (pick)
    return (
      <button
        type="button"
        className="button"
        disabled={disabled}
        onClick={async () => {
          const folder = await pick();
          if (folder) onFolder(folder);
        }}
      >
        <Icon name="file" />
        Open run…
      </button>
    );
  return (
    <label className="button file" htmlFor={id} aria-disabled={disabled}>
      <Icon name="file" />
      Open run…
      <input
        id={id}
        className="hidden"
        type="file"
        multiple
        disabled={disabled}
        {...asFolder}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          target.value = "";
          if (files.length > 0) onFolder(pickedFiles(files));
        }}
      />
    </label>
  );
}
