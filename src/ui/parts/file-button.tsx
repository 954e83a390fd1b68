// The platform's file dialog behind a button of the page. The same files may be picked twice.

import { useId } from "react";
import { Icon } from "./icon.tsx";

export function FileButton(props: {
  readonly label: string;
  /** ".safetensors,.json" */
  readonly accept: string;
  readonly multiple?: boolean;
  readonly disabled: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}) {
  const id = useId();
  return (
    <label className="button file" htmlFor={id} aria-disabled={props.disabled}>
      <Icon name="file" />
      {props.label}
      <input
        id={id}
        className="hidden"
        type="file"
        accept={props.accept}
        multiple={props.multiple}
        disabled={props.disabled}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          target.value = "";
          if (files.length > 0) props.onFiles(files);
        }}
      />
    </label>
  );
}
