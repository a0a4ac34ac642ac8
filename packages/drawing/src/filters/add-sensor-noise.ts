import { createRng, type Rng } from '@opposable/tensor-checks';
import { assertChannels } from '../image-checks.js';
import type { RgbImage } from '../types.js';
import { type Filters, sharedFilters } from './filter-memory.js';
import { NOISE_RUN } from './wasm-filters.js';

const TABLE_SIZE = 1 << 14;
let table: Float32Array | undefined;

/** Normal numbers to look up: drawing one for every byte would take longer than rendering the picture. */
function normalTable(): Float32Array {
  if (table === undefined) {
    const rng = createRng('sensor noise');
    table = Float32Array.from({ length: TABLE_SIZE + NOISE_RUN }, () => rng.normal());
  }
  return table;
}

/**
 * Adds normal noise to every byte of the image that is passed: runs of 16 pixels out of a table of 16,384 normal numbers, each
 * from a place of its own.
 *
 * @param image changed
 * @param deviation standard deviation in bytes, 0 … 255
 * @throws ShapeError for an image that is not RGB
 */
export function addSensorNoise(rng: Rng, image: RgbImage, deviation: number, filters: Filters = sharedFilters()): void {
  if (deviation === 0) return;
  assertChannels(image, 3, 'addSensorNoise');
  const { data } = image;
  const normal = normalTable();
  const whole = Math.ceil(data.length / NOISE_RUN) * NOISE_RUN;
  const take = filters.begin(4 * normal.length + whole);
  const numbers = take.floats(normal.length);
  const bytes = take.bytes(whole);
  numbers.set(normal);
  bytes.set(data);
  filters.kernels.noise(bytes, data.length, numbers, rng.integer(1, 0x7fffffff), deviation);
  data.set(bytes.subarray(0, data.length));
}
