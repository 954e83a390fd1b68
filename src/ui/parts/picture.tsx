// One picture of a sample grid on a canvas, at its own resolution; CSS scales it.

import { useEffect, useRef } from "react";

export function Picture(props: {
  /** RGBA, side x side. */
  readonly pixels: Uint8ClampedArray;
  readonly side: number;
  /** Empty where the name beside the picture, or of the button around it, says all. */
  readonly alt: string;
}) {
  const { pixels, side, alt } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    context?.putImageData(new ImageData(new Uint8ClampedArray(pixels), side, side), 0, 0);
  }, [pixels, side]);
  const named = alt === "" ? { "aria-hidden": true } : { role: "img", "aria-label": alt };
  return <canvas ref={canvas} className="picture" width={side} height={side} {...named} />;
}
