// Which classes the sample grid shows, and what they are called.

import type { ModelCard } from "../engine/api.ts";

/** Pictures in a row. */
export const COLUMNS = 10;

/** Ten classes spread over all there are; each once more when there are fewer. */
export function pictureLabels({ spec: { numClasses } }: ModelCard): number[] {
  const count = Math.max(1, numClasses);
  return Array.from({ length: COLUMNS }, (_, i) => (count < COLUMNS ? i % count : Math.floor((i * count) / COLUMNS)));
}

export function className(card: ModelCard, label: number): string {
  return card.classes[label] ?? `class ${label}`;
}
