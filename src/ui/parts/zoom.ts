// Which part of a square picture is seen through its frame. All pictures that are compared are seen through the same one.

export interface Zoom {
  /** 1 shows the whole picture. */
  readonly scale: number;
  /** The upper left corner of what is seen, as shares of the picture. */
  readonly x: number;
  readonly y: number;
}
/** Shares of the frame, from its upper left corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };
const DEEPEST = 16;

/** What is under `at` stays there, as far as the picture reaches. */
export function zoomedBy({ scale, x, y }: Zoom, factor: number, at: Place = { x: 0.5, y: 0.5 }): Zoom {
  const next = Math.min(DEEPEST, Math.max(1, scale * factor));
  return within({ scale: next, x: x + at.x / scale - at.x / next, y: y + at.y / scale - at.y / next });
}

/** Moves the picture by shares of the frame. */
export function pannedBy({ scale, x, y }: Zoom, by: Place): Zoom {
  return within({ scale, x: x - by.x / scale, y: y - by.y / scale });
}

function within({ scale, x, y }: Zoom): Zoom {
  const most = 1 - 1 / scale;
  return { scale, x: Math.min(most, Math.max(0, x)), y: Math.min(most, Math.max(0, y)) };
}
