// One picture of a sample grid on a canvas, at its own resolution; CSS scales it.

import { useEffect, useRef } from "react";

export function Picture(props: {
  /** RGBA, side x side. */
  readonly pixels: Uint8ClampedArray;
  readonly side: number;
  readonly alt: string;
}) {
  const { pixels, side, alt } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    context?.putImageData(new ImageData(new Uint8ClampedArray(pixels), side, side), 0, 0);
  }, [pixels, side]);
  return <canvas ref={canvas} className="picture" width={side} height={side} role="img" aria-label={alt} />;
}

/** |a - b| of the colour channels times `gain`: where two pictures differ and how much. RGBA. */
export function differencePixels(a: Uint8ClampedArray, b: Uint8ClampedArray, gain: number): Uint8ClampedArray {
  return Uint8ClampedArray.from(a, (value, i) => (i % 4 === 3 ? 255 : gain * Math.abs(value - (b[i] ?? 0))));
}
