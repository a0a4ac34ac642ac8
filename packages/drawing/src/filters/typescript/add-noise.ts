import { NOISE_RUN, noiseMask } from '../wasm-filters.js';
import { toByte } from './pixels.js';

const { fround } = Math;

/** Every 48 bytes look at the table from a new place, by xorshift32 (Marsaglia, 2003). */
export function addNoise(bytes: Uint8Array, count: number, table: Float32Array, seed: number, deviation: number): void {
  const mask = noiseMask(table);
  const strength = fround(deviation);
  let state = seed | 0;
  for (let i = 0; i < count; i += NOISE_RUN) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const from = (state >>> 8) & mask;
    for (let k = 0; k < NOISE_RUN; k++) {
      const moved = fround(bytes[i + k]! + fround(strength * table[from + k]!));
      bytes[i + k] = toByte(fround(moved + 0.5));
    }
  }
}
