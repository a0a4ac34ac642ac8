import { readFileSync } from 'node:fs';
import { encodeHeatmaps, writeHeatmap } from './encode-heatmaps.js';

describe('encodeHeatmaps', () => {
  it('writes the Gaussian at the very place', () => {
    const { maps, valid } = encodeHeatmaps([5.3, 2.75], [2], { size: 12, sigma: 2, keypointCount: 1 });
    expect(Array.from(valid)).toEqual([1]);
    for (let y = 0; y < 12; y++)
      for (let x = 0; x < 12; x++)
        expect(maps[y * 12 + x]).toBeCloseTo(Math.exp(-((x - 5.3) ** 2 + (y - 2.75) ** 2) / 8), 6);
  });

  it('is 0 beyond the radius', () => {
    const { maps } = encodeHeatmaps([10, 10], [2], { size: 21, sigma: 3, radius: 4, keypointCount: 1 });
    for (let y = 0; y < 21; y++)
      for (let x = 0; x < 21; x++) expect(maps[y * 21 + x]! > 0).toBe(Math.abs(x - 10) <= 4 && Math.abs(y - 10) <= 4);
  });

  it('gives what scipy’s mirrored Gaussian filter gives in the documented placement', () => {
    /** Written by tools/heatmap-fixtures/blur.py. */
    const cases = JSON.parse(readFileSync(new URL('./fixtures/documented-heatmaps.json', import.meta.url), 'utf8')) as {
      size: number;
      u: number;
      v: number;
      cells: [number, number, number][];
    }[];
    for (const { size, u, v, cells } of cases) {
      const { maps } = encodeHeatmaps([u, v], [2], { size, placement: 'documented', keypointCount: 1 });
      for (const [y, x, value] of cells) expect(maps[y * size + x]).toBeCloseTo(value, 6);
      expect(maps.reduce((most, value) => Math.max(most, value), 0)).toBeCloseTo(1, 6);
    }
  });

  it('leaves the map of what is outside empty but counted, and of what is not labelled empty and not counted', () => {
    const options = { size: 8, sigma: 1, keypointCount: 4 };
    const places = [-0.6, 3, 3, 7.5, 3, 3, NaN, NaN];
    const { maps, valid } = encodeHeatmaps(places, [2, 2, 1, 0], options);
    const sums = [0, 1, 2, 3].map((k) => maps.filter((_, i) => i % 4 === k).reduce((a, b) => a + b));
    expect(Array.from(valid)).toEqual([1, 1, 1, 0]);
    expect(sums.map((sum) => sum > 0)).toEqual([false, false, true, false]);
    expect(Array.from(encodeHeatmaps(places, [2, 2, 1, 0], { ...options, hidden: 'exclude' }).valid)).toEqual([
      1, 1, 0, 0,
    ]);
  });

  it('takes as inside from the first cell’s left edge on, and in the documented placement what is cut to a cell', () => {
    const inside = (u: number, placement: 'exact' | 'documented') =>
      writeHeatmap(new Float32Array(64), [u, 4], { size: 8, placement });
    expect([-0.51, -0.5, 7.49, 7.5].map((u) => inside(u, 'exact'))).toEqual([false, true, true, false]);
    expect([-1, -0.99, 0, 7.99, 8].map((u) => inside(u, 'documented'))).toEqual([false, true, true, true, false]);
    const documented = (u: number) =>
      encodeHeatmaps([u, 4], [2], { size: 8, placement: 'documented', keypointCount: 1 });
    expect(documented(-0.6)).toEqual(documented(0)); // int(−0.6) is 0 in the tutorial
  });

  it('writes bytes with a scale, rounded', () => {
    const bytes = new Uint8Array(64);
    writeHeatmap(bytes, [4, 4], { size: 8, sigma: 1 }, { scale: 255 });
    expect(bytes[4 * 8 + 4]).toBe(255);
    expect(bytes[4 * 8 + 5]).toBe(Math.round(255 * Math.exp(-0.5)));
  });

  it('refuses what it cannot encode', () => {
    expect(() => encodeHeatmaps([1, 2], [2], { size: 8 })).toThrow(
      'encodeHeatmaps: expected 2·N·21 coordinates and N·21 flags, got 2 and 1.',
    );
    expect(() => encodeHeatmaps([1, 2], [2], { size: 8, sigma: 0, keypointCount: 1 })).toThrow(
      'encodeHeatmaps: expected size and radius as positive integers and sigma above 0, got 8, 25 and 0.',
    );
    expect(() => encodeHeatmaps([1, NaN], [2], { size: 8, keypointCount: 1 })).toThrow(
      'encodeHeatmaps: expected finite keypoints, got (1, NaN) at index 0.',
    );
  });
});
