import { createRng } from '@opposable/tensor-checks';
import { syntheticSample } from '../test-support/synthetic-sample.js';
import { reorderSample } from '../transform/reorder-sample.js';
import { doubtMask, measureMask } from './check-mask.js';

const SIZE = 80;
const points = reorderSample(syntheticSample(createRng('check'), { width: SIZE, height: SIZE }), 'mano').keypoints;
const maskOf = (isHand: (x: number, y: number) => boolean) => ({
  width: SIZE,
  height: SIZE,
  data: Uint8Array.from({ length: SIZE * SIZE }, (_, i) => (isHand(i % SIZE, Math.floor(i / SIZE)) ? 255 : 0)),
});

/** Distance of a pixel to the nearest of many points on every bone. */
function slowDistance(x: number, y: number): number {
  let nearest = Infinity;
  for (let finger = 0; finger < 5; finger++) {
    for (let k = 0; k < 4; k++) {
      const [from, to] = [k === 0 ? 0 : 4 * finger + k, 4 * finger + k + 1];
      for (let t = 0; t <= 1; t += 1 / 32) {
        const u = points[2 * from]! * (1 - t) + points[2 * to]! * t;
        const v = points[2 * from + 1]! * (1 - t) + points[2 * to + 1]! * t;
        nearest = Math.min(nearest, Math.hypot(x - u, y - v));
      }
    }
  }
  return nearest;
}
const distances = Float64Array.from({ length: SIZE * SIZE }, (_, i) => slowDistance(i % SIZE, Math.floor(i / SIZE)));
const distance = (x: number, y: number): number => distances[y * SIZE + x]!;
const columns = points.filter((_, i) => i % 2 === 0);
const rows = points.filter((_, i) => i % 2 === 1);
const side = Math.max(Math.max(...columns) - Math.min(...columns), Math.max(...rows) - Math.min(...rows));

describe('measureMask', () => {
  it('gives 1 for a skeleton as wide as fingers are', () => {
    const { area, skeletonInside } = measureMask(
      maskOf((x, y) => distance(x, y) <= 0.075 * side),
      points,
    );
    expect(Math.abs(area - 1)).toBeLessThan(0.01);
    expect(skeletonInside).toBe(1);
  });

  it('counts no bone with an end that is not labelled', () => {
    const partly = points.slice();
    partly.fill(NaN, 8, 10);
    const whole = maskOf(() => true);
    expect(measureMask(whole, partly).area).toBeGreaterThan(measureMask(whole, points).area);
  });
});

describe('doubtMask', () => {
  it('accepts a mask around the skeleton, and says what is wrong with others', () => {
    const around = (radius: number) => maskOf((x, y) => distance(x, y) <= radius * side);
    expect(doubtMask(around(0.07), points)).toBeUndefined();
    expect(doubtMask(around(0.01), points)).toBe('too small for the skeleton');
    expect(
      doubtMask(
        maskOf(() => true),
        points,
      ),
    ).toBe('too large for the skeleton');
    const beside = maskOf((x, y) => distance(x, y) > 0.075 * side && distance(x, y) < 0.15 * side);
    expect(doubtMask(beside, points)).toBe('beside the skeleton');
  });
});
