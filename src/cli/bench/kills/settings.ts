// The search that has to survive: small, yet with every phase of a large one.

/** Its name in the page's address, its flag, its value; all else is Quick's. */
const SETTINGS = [
  ["stages", "stages", 4],
  ["steps", "steps", 8],
  ["probes", "probes", 2],
  ["validation", "validation", 2],
  ["heldOut", "held-out", 2],
  ["calibrationItems", "items", 8],
  ["stagesPerFactor", "stages-per-factor", 1],
  ["searcher.generations", "searcher.generations", 8],
  ["searcher.offspring", "searcher.offspring", 6],
  ["searcher.survivors", "searcher.survivors", 3],
] as const;

/** Behind the # of the page's address. By LayerDrop, whose bank takes neither time nor room. */
export const address = new URLSearchParams([
  ["pruner", "layerdrop"],
  ...SETTINGS.map(([name, , value]) => [name, String(value)]),
]).toString();

/** Of `search`, by its usual method. */
export const searchArguments: readonly string[] = SETTINGS.flatMap(([, flag, value]) => [`--${flag}`, String(value)]);
