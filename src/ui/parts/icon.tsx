// The few pictograms of the page, 16 x 16, drawn with the current text colour. Always beside text or a label.

const paths = {
  play: "M5 3.2v9.6l8-4.8z",
  pause: "M5 3v10M11 3v10",
  stop: "M4 4h8v8H4z",
  close: "M4 4l8 8M12 4l-8 8",
  download: "M8 2.5v8M4.5 7.5 8 11l3.5-3.5M3 13.5h10",
  copy: "M5.5 5.5h7v8h-7zM3.5 10.5v-8h7",
  link: "M6.8 9.2l2.4-2.4M7.2 5l1.5-1.5a2.6 2.6 0 0 1 3.8 3.8L11 8.8M8.8 11l-1.5 1.5a2.6 2.6 0 0 1-3.8-3.8L5 7.2",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1",
  moon: "M13 9.6A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.6z",
  system: "M2 3.5h12v7.5H2zM6 13.5h4",
  help: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M6 6.2a2 2 0 1 1 2.7 1.9c-.5.2-.7.6-.7 1.1v.3M8 11.7v.1",
  chevron: "M4.5 6.5 8 10l3.5-3.5",
  check: "M3 8.5 6.5 12 13 4.5",
  warn: "M8 2.2 14.2 13H1.8zM8 6.5v3M8 11.2v.1",
  file: "M4 1.8h5l3 3v9.4H4zM9 1.8v3h3",
  trash: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9",
  cpu: "M4.5 4.5h7v7h-7zM6.5 2v2.5M9.5 2v2.5M6.5 11.5V14M9.5 11.5V14M2 6.5h2.5M2 9.5h2.5M11.5 6.5H14M11.5 9.5H14",
  disk: "M3 4c0-1 2.2-1.8 5-1.8S13 3 13 4s-2.2 1.8-5 1.8S3 5 3 4v8c0 1 2.2 1.8 5 1.8s5-.8 5-1.8V4M3 8c0 1 2.2 1.8 5 1.8S13 9 13 8",
  fork: "M4.5 2.5v11M4.5 9.5c0-3 6.5-1.5 6.5-5M9 6l2-2.5L13 6",
  lock: "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
  unlock: "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 4.8-1",
  undo: "M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8h-3",
  redo: "M10.5 3l3 3-3 3M13.5 6h-7a4 4 0 0 0 0 8h3",
  left: "M10 3.5 5.5 8l4.5 4.5",
  right: "M6 3.5 10.5 8 6 12.5",
} as const;
export type IconName = keyof typeof paths;
const solid: ReadonlySet<IconName> = new Set(["play", "stop"]);

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className={solid.has(name) ? "icon solid" : "icon"} viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
