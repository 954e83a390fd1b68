// The generators that the authors' search draws from: MT19937 (Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS
// 8, 1998) as CPython's `random` and as NumPy's legacy `numpy.random` seed and read it. Only for repeating a search of
// theirs draw by draw; everything else uses core/rng.ts.

import { StudioError } from "./errors.ts";
import { log } from "./math.ts";
import { type Choices, type Exponentials, fraction, type Sequence } from "./rng.ts";

const N = 624;
const M = 397;

/**
 * `random.seed(seed)`: randrange below 2^32, randint and sample of two.
 * @throws invalid-input for a seed of more than 32 bits
 */
export function pythonRandom(seed: number): Choices {
  const words = twister(seededByArray(checked(seed)));
  const below = (n: number): number => {
    const shift = Math.clz32(n); // n has 32 - shift bits: as many as the draw
    for (;;) {
      const draw = words.uint32() >>> shift;
      if (draw < n) return draw;
    }
  };
  return {
    below,
    integer: (low, high) => low + below(high - low + 1),
    /** `random.sample(range(n), 2)`: from a shrinking list up to 21 items, by rejection beyond. */
    pair(n) {
      const first = below(n);
      let second: number;
      if (n <= 21) {
        second = below(n - 1);
        return [first, second === first ? n - 1 : second];
      }
      do second = below(n);
      while (second === first);
      return [first, second];
    },
    get position() {
      return words.position;
    },
    seek: words.seek,
  };
}

/** `numpy.random.seed(seed)`: gamma(1, 1). @throws invalid-input for a seed of more than 32 bits */
export function numpyRandom(seed: number): Exponentials {
  const words = twister(seededByOne(checked(seed)));
  return {
    exponential: () => -log(1 - fraction(words.uint32(), words.uint32())),
    get position() {
      return words.position;
    },
    seek: words.seek,
  };
}

function checked(seed: number): number {
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32) return seed;
  throw new StudioError("invalid-input", `mersenne: seed ${seed}; the authors' generators take 0 … ${2 ** 32 - 1}`);
}

/** Tempered words of a state [624], which seeking replays from the beginning. */
function twister(initial: Uint32Array): Sequence & { uint32(): number } {
  let state = initial.slice();
  let position = 0;
  const uint32 = (): number => {
    const index = position++ % N;
    if (index === 0) twist(state);
    let y = state[index] as number;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
  return {
    uint32,
    get position() {
      return position;
    },
    seek(to) {
      if (!(Number.isSafeInteger(to) && to >= 0)) throw new Error(`seek: ${to} is not a position`);
      if (to < position) {
        state = initial.slice();
        position = 0;
      }
      while (position < to) uint32();
    },
  };
}

function twist(state: Uint32Array): void {
  for (let k = 0; k < N; k++) {
    const y = (state[k]! & 0x80000000) | (state[(k + 1) % N]! & 0x7fffffff);
    state[k] = state[(k + M) % N]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
}

/** init_genrand */
function seededByOne(seed: number): Uint32Array {
  const state = new Uint32Array(N);
  state[0] = seed;
  for (let k = 1; k < N; k++) state[k] = Math.imul(1812433253, mixed(state[k - 1]!)) + k;
  return state;
}

/** init_by_array of the one word [seed] */
function seededByArray(seed: number): Uint32Array {
  const state = seededByOne(19650218);
  let i = 1;
  const advance = () => {
    i += 1;
    if (i < N) return;
    state[0] = state[N - 1]!;
    i = 1;
  };
  for (let k = 0; k < N; k++, advance()) state[i] = (state[i]! ^ Math.imul(mixed(state[i - 1]!), 1664525)) + seed;
  for (let k = 1; k < N; k++, advance()) state[i] = (state[i]! ^ Math.imul(mixed(state[i - 1]!), 1566083941)) - i;
  state[0] = 0x80000000;
  return state;
}

function mixed(word: number): number {
  return word ^ (word >>> 30);
}
