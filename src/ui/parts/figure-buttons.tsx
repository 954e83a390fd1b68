// The two forms in which a figure leaves the page.

import { downloadFigure } from "./figure.ts";
import { Icon } from "./icon.tsx";

export function FigureButtons(props: {
  /** Of the file, without its ending. */
  readonly name: string;
  /** The drawing at this moment; undefined while there is none. */
  readonly svg: () => string | undefined;
  readonly disabled?: boolean;
}) {
  return (["svg", "png"] as const).map((format) => (
    <button
      key={format}
      type="button"
      className="button"
      disabled={props.disabled}
      onClick={() => {
        const svg = props.svg();
        if (svg !== undefined) void downloadFigure(props.name, svg, format);
      }}
    >
      <Icon name="download" />
      {format.toUpperCase()}
    </button>
  ));
}
