import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { ConfigError } from './errors.js';
import { hashSeed } from './hash-seed.js';

/** The complete state of an {@link Rng}: plain numbers, so that it can stand in a checkpoint. */
export interface RngState {
  /** What `split` derives children from. */
  readonly key: number;
  readonly generator: readonly number[];
}

/**
 * Seeded random numbers. Every function of this project that needs chance takes one as an argument.
 *
 * `split(name)` gives an independent generator that depends on the seed and the names on the way, and not on how many
 * numbers have been drawn: adding a consumer never changes what the others get.
 */
export interface Rng {
  /** A number in [min, max), with 32 random bits. Default [0, 1). */
  uniform(min?: number, max?: number): number;
  /** A normally distributed number (Box–Muller). Default mean 0, standard deviation 1. */
  normal(mean?: number, standardDeviation?: number): number;
  /** An integer in [min, max], both ends included, without bias. */
  integer(min: number, max: number): number;
  /** One element of a non-empty array. */
  pick<T>(items: readonly T[]): T;
  /** The integers 0 … count − 1 in random order (Fisher–Yates). */
  permutation(count: number): Uint32Array;
  /** An independent generator for one named consumer or one numbered item. */
  split(name: string | number): Rng;
  /** The state, from which {@link rngFromState} continues exactly. */
  state(): RngState;
}

const TWO_POW_32 = 2 ** 32;

function rngOver(key: number, generator: ReturnType<typeof xoroshiro128plus>): Rng {
  const next32 = (): number => generator.next() >>> 0;
  const uniform = (min = 0, max = 1): number => min + (next32() / TWO_POW_32) * (max - min);
  const integer = (min: number, max: number): number => {
    const span = max - min + 1;
    if (!Number.isInteger(min) || !Number.isInteger(max) || span < 1 || span > TWO_POW_32) {
      throw new ConfigError(
        `rng.integer: expected integers with min <= max at most 2^32 apart, got ${min} and ${max}.`,
        {
          expected: 'min <= max',
          actual: [min, max],
        },
      );
    }
    const limit = TWO_POW_32 - (TWO_POW_32 % span); // rejection keeps every value equally likely
    let value = next32();
    while (value >= limit) value = next32();
    return min + (value % span);
  };
  return {
    uniform,
    integer,
    normal(mean = 0, standardDeviation = 1) {
      const radius = Math.sqrt(-2 * Math.log((next32() + 1) / (TWO_POW_32 + 1)));
      return mean + standardDeviation * radius * Math.cos(2 * Math.PI * uniform());
    },
    pick(items) {
      if (items.length === 0) throw new ConfigError('rng.pick: expected a non-empty array, got an empty one.');
      return items[integer(0, items.length - 1)]!;
    },
    permutation(count) {
      const order = Uint32Array.from({ length: count }, (_, i) => i);
      for (let i = count - 1; i > 0; i--) {
        const j = integer(0, i);
        const swapped = order[i]!;
        order[i] = order[j]!;
        order[j] = swapped;
      }
      return order;
    },
    split: (name) => createRng(hashSeed(`${key}/${name}`)),
    state: () => ({ key, generator: [...generator.getState()] }),
  };
}

/**
 * A generator from a seed: xoroshiro128+ of `pure-rand`. The same seed gives the same numbers on every machine.
 *
 * @param seed a number or a text
 *
 * @example
 * const rng = createRng(7);
 * const pose = rng.split('pose').uniform(-1, 1);
 */
export function createRng(seed: number | string): Rng {
  const key = typeof seed === 'number' && Number.isInteger(seed) ? seed | 0 : hashSeed(String(seed));
  return rngOver(key, xoroshiro128plus(hashSeed(`seed ${key}`)));
}

/**
 * The generator that continues where {@link Rng.state} was taken.
 *
 * @throws ConfigError if the state is not one that an Rng gave
 */
export function rngFromState(state: RngState): Rng {
  const { key, generator } = state;
  const words = [...generator];
  if (!Number.isInteger(key) || words.length !== 4 || !words.every(Number.isInteger)) {
    throw new ConfigError(
      `rngFromState: expected an integer key and 4 integers, got key ${key} and ${words.length} words.`,
      {
        expected: { key: 'integer', generator: 4 },
        actual: state,
      },
    );
  }
  return rngOver(key, xoroshiro128plusFromState(words));
}
