import { createRng } from '@opposable/tensor-checks';
import { reorderSample } from '../transform/reorder-sample.js';
import type { HandSample } from '../types.js';
import { syntheticSample } from './synthetic-sample.js';

export const PAINTED_SIZE = 96;
const SIZE = PAINTED_SIZE;

/** A hand of one colour and its shades, made of discs along the bones, before a background of another colour. */
export function paintedHand(name: string): HandSample {
  const rng = createRng(name);
  const sample = syntheticSample(rng, { width: SIZE, height: SIZE });
  const points = reorderSample(sample, 'mano').keypoints;
  const mask = new Uint8Array(SIZE * SIZE);
  const disc = (x: number, y: number, radius: number): void => {
    for (let row = 0; row < SIZE; row++) {
      for (let column = 0; column < SIZE; column++) {
        if ((column - x) ** 2 + (row - y) ** 2 <= radius ** 2) mask[row * SIZE + column] = 255;
      }
    }
  };
  for (let finger = 0; finger < 5; finger++) {
    for (let k = 0; k < 4; k++) {
      const [from, to] = [k === 0 ? 0 : 4 * finger + k, 4 * finger + k + 1];
      for (let t = 0; t <= 1; t += 0.1) {
        const at = (d: number): number => points[2 * from + d]! * (1 - t) + points[2 * to + d]! * t;
        disc(at(0), at(1), 3);
      }
    }
  }
  const data = new Uint8Array(SIZE * SIZE * 3);
  for (let i = 0; i < SIZE * SIZE; i++) {
    const base = mask[i] === 255 ? [200, 140, 110] : [60, 90, 120];
    for (let c = 0; c < 3; c++) data[3 * i + c] = base[c]! + rng.uniform(-20, 20);
  }
  return {
    ...sample,
    id: name,
    image: { width: SIZE, height: SIZE, data },
    mask: { width: SIZE, height: SIZE, data: mask },
  };
}

/** Intersection over union of two masks. */
export function overlap(a: Uint8Array, b: Uint8Array): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    if (a[i]! > 0 && b[i]! > 0) both++;
    if (a[i]! > 0 || b[i]! > 0) either++;
  }
  return both / either;
}
