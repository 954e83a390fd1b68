// Drawings of the page as files: an SVG that stands alone, and the same as PNG.

import { download } from "./download.ts";

/** What classes and the theme say of a drawing; a file has neither. */
const STYLES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
] as const;
/** Pixels of a PNG for each of the drawing. */
const SCALE = 2;

/** A drawing of the page on its ground, with every style that it has at this moment. */
export function standalone(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const own = [drawing, ...drawing.querySelectorAll("*")];
  for (const [index, element] of [copy, ...copy.querySelectorAll("*")].entries()) {
    const style = getComputedStyle(own[index] as Element);
    element.removeAttribute("class");
    element.removeAttribute("style");
    if (element.localName !== "title" && element !== copy)
      for (const name of STYLES) element.setAttribute(name, style.getPropertyValue(name));
  }
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const paper = getComputedStyle(drawing.closest(".card") ?? document.body).backgroundColor;
  for (const [name, value] of Object.entries({ width: "100%", height: "100%", fill: paper }))
    ground.setAttribute(name, value);
  copy.prepend(ground);
  return new XMLSerializer().serializeToString(copy);
}

/** Downloads an SVG, or what it shows. @param name without an ending */
export async function downloadFigure(name: string, svg: string, format: "svg" | "png"): Promise<void> {
  if (format === "svg") return download(`${name}.svg`, svg, "image/svg+xml");
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), {
      width: SCALE * image.naturalWidth,
      height: SCALE * image.naturalHeight,
    });
    const context = canvas.getContext("2d");
    context?.scale(SCALE, SCALE);
    context?.drawImage(image, 0, 0);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob) download(`${name}.png`, new Uint8Array(await blob.arrayBuffer()), "image/png");
  } finally {
    URL.revokeObjectURL(url);
  }
}
