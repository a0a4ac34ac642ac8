import type { RgbImage } from '@opposable/drawing';
import { createRng, type Rng } from '@opposable/tensor-checks';

const TABLE_SIZE = 1 << 14;
let table: Float32Array | undefined;

/** Normal numbers to look up: drawing one for every byte would take longer than rendering the picture. */
function normalTable(): Float32Array {
  if (table === undefined) {
    const rng = createRng('sensor noise');
    table = Float32Array.from({ length: TABLE_SIZE }, () => rng.normal());
  }
  return table;
}

/**
 * Adds independent normal noise to every byte of the image that is passed.
 *
 * @param image changed
 * @param deviation standard deviation in bytes, 0 … 255
 */
export function addSensorNoise(rng: Rng, image: RgbImage, deviation: number): void {
  if (deviation === 0) return;
  const normal = normalTable();
  const { data } = image;
  let state = rng.integer(1, 0x7fffffff);
  for (let i = 0; i < data.length; i++) {
    // xorshift32 (Marsaglia, 2003)
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const value = data[i]! + deviation * normal[(state >>> 8) & (TABLE_SIZE - 1)]!;
    data[i] = value <= 0 ? 0 : value >= 255 ? 255 : value + 0.5;
  }
}
