// Small pictures drawn by formula for the scripted engine: a sky, a ground and one shape per class. Pruning shows as
// softness and drift, so that rows of a grid can be told apart. Not a model and never shown as one.

/** RGBA, side x side. `damage` in [0, 1]: 0 is the dense picture. */
export function scriptedPicture(label: number, seed: number, damage: number, side: number): Uint8ClampedArray {
  const hue = (label * 47 + seed * 31) % 360;
  const random = lcg(label * 7919 + seed * 104729 + 1);
  const centre = { x: 0.35 + 0.3 * random(), y: 0.4 + 0.2 * random() };
  const radius = 0.16 + 0.12 * random() + 0.1 * damage;
  const petals = 2 + (label % 5);
  const pixels = new Uint8ClampedArray(side * side * 4);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const x = (column + 0.5) / side - centre.x - 0.12 * damage;
      const y = (row + 0.5) / side - centre.y;
      const ground = smooth((row / side - 0.72) / (0.02 + 0.2 * damage));
      const wave = 1 + 0.3 * (1 - damage) * Math.cos(petals * Math.atan2(y, x) + label);
      const shape = smooth((radius * wave - Math.hypot(x, y)) / (0.015 + 0.14 * damage));
      const sky = hsl(hue, 0.55 - 0.2 * damage, 0.78 - (0.35 * row) / side);
      const land = hsl(hue + 130, 0.35, 0.42);
      const body = hsl(hue + 190 + 60 * damage, 0.75 - 0.3 * damage, 0.55 - 0.2 * (y / radius));
      const colour = mix(mix(sky, land, ground), body, shape);
      pixels.set([...colour, 255], (row * side + column) * 4);
    }
  return pixels;
}

/** Deterministic numbers in [0, 1) for scripts only; results never depend on it. */
export function lcg(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

type Rgb = readonly [number, number, number];

function smooth(x: number): number {
  const t = Math.min(1, Math.max(0, x / 2 + 0.5));
  return t * t * (3 - 2 * t);
}

function mix(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

function hsl(hue: number, saturation: number, lightness: number): Rgb {
  const channel = (n: number) => {
    const k = (n + (((hue % 360) + 360) % 360) / 30) % 12;
    const a = saturation * Math.min(lightness, 1 - lightness);
    return 255 * (lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}
