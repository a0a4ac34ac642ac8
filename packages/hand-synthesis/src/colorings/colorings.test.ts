import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { nearestPoints } from './nearest-points.js';
import { COLORING_COUNT, proceduralColorings } from './procedural-colorings.js';
import { transferColors } from './transfer-colors.js';

describe('nearestPoints', () => {
  it.each([1, 2, 7, 400])('finds the nearest of %d points, as a search of all does', (count) => {
    const rng = createRng(count);
    const flat = (n: number, spread: number) =>
      Float64Array.from({ length: 3 * n }, (_, i) => (i % 3 === 2 ? 0.1 : spread) * rng.uniform(-1, 1));
    const points = flat(count, 1);
    const queries = flat(300, 1.6); // also outside
    const { indices, distances } = nearestPoints(points, queries);
    for (let q = 0; q < 300; q++) {
      let [best, index] = [Infinity, -1];
      for (let i = 0; i < count; i++) {
        const d = Math.hypot(...[0, 1, 2].map((k) => points[3 * i + k]! - queries[3 * q + k]!));
        if (d < best) [best, index] = [d, i];
      }
      expect(indices[q]).toBe(index);
      expect(distances[q]).toBeCloseTo(best, 12);
    }
  });
});

describe('transferColors', () => {
  it('gives every vertex the colour of the nearest scanned one', () => {
    const scan = { vertices: [0, 0, 0, 10, 0, 0], colors: [1, 0, 0, 0, 1, 0] };
    const { colors, distances } = transferColors(scan, [1, 0, 0, 8, 0, 0]);
    expect([...colors]).toEqual([1, 0, 0, 0, 1, 0]);
    expect([...distances]).toEqual([1, 2]);
    expect(() => transferColors({ vertices: [0, 0, 0], colors: [] }, [])).toThrow('as many colors as vertices');
  });
});

describe('proceduralColorings', () => {
  it('is a set of 27, the same every time, of different skins', () => {
    const colorings = proceduralColorings(loadOpenHand('right'));
    expect(colorings).toHaveLength(COLORING_COUNT);
    expect(colorings.every((coloring) => coloring.length === 3 * 1159)).toBe(true);
    const means = colorings.map((coloring) => coloring.reduce((sum, value) => sum + value / coloring.length, 0));
    expect(Math.max(...means) - Math.min(...means)).toBeGreaterThan(0.3);
    expect(colorings.every((coloring) => coloring.every((value) => value >= 0 && value <= 1))).toBe(true);
  });
});
