import { createRng } from '@opposable/tensor-checks';
import { decodeHeatmaps, HEATMAP_DECODINGS, type HeatmapDecoding } from './decode-heatmaps.js';
import { encodeHeatmaps } from './encode-heatmaps.js';

const SIZE = 64;
const rng = createRng('decode');

/** Largest distance between a keypoint and what its map gives back, for random places in [from, to]. */
function roundTrip(decoding: HeatmapDecoding, from: number, to: number, sigma = 3): number {
  const keypoints = Float64Array.from({ length: 60 }, () => rng.uniform(from, to));
  const { maps } = encodeHeatmaps(keypoints, new Uint8Array(30).fill(2), { size: SIZE, sigma, keypointCount: 30 });
  const decoded = decodeHeatmaps(maps, [1, SIZE, SIZE, 30], decoding);
  let worst = 0;
  for (let k = 0; k < 30; k++) {
    const [du, dv] = [0, 1].map((axis) => decoded.keypoints[2 * k + axis]! - keypoints[2 * k + axis]!);
    worst = Math.max(worst, Math.hypot(du!, dv!));
  }
  return worst;
}

describe('decodeHeatmaps of encodeHeatmaps', () => {
  it.each([1, 2, 3])('gives every place of the map back to 0.05 cells, up to the border and with σ = %i', (sigma) => {
    expect(roundTrip('local', -0.4999, SIZE - 0.5001, sigma)).toBeLessThan(1e-4);
    // the four borders themselves
    expect(roundTrip('local', -0.4999, 0.6, sigma)).toBeLessThan(1e-4);
    expect(roundTrip('local', SIZE - 1.6, SIZE - 0.5001, sigma)).toBeLessThan(1e-4);
  });

  it('gives places away from the border back by expectation', () => {
    expect(roundTrip('expectation', 14, SIZE - 15)).toBeLessThan(1e-3);
  });

  it('gives places nearer to the border back by the sharpened mean, whose blobs are narrower by √3', () => {
    expect(roundTrip('sharpened', 9, SIZE - 10)).toBeLessThan(1e-3);
    expect(roundTrip('sharpened', 0, 1)).toBeLessThan(0.65 * roundTrip('expectation', 0, 1));
  });

  it('gives a place between two peaks by the sharpened mean, by their cubes', () => {
    const maps = new Float32Array(9).fill(0);
    [maps[1], maps[7]] = [0.8, 0.4];
    const { keypoints } = decodeHeatmaps(maps, [1, 1, 9, 1], 'sharpened');
    expect(keypoints[0]).toBeCloseTo((1 * 0.8 ** 3 + 7 * 0.4 ** 3) / (0.8 ** 3 + 0.4 ** 3), 6);
  });

  it('gives them back to a third of a cell by the quarter step', () => {
    const worst = roundTrip('argmax', 2, SIZE - 3);
    expect(worst).toBeLessThanOrEqual(0.25 * Math.SQRT2 + 1e-6);
    expect(worst).toBeGreaterThan(0.15);
  });

  it('is drawn inwards by expectation at the border, as the documentation says', () => {
    const { maps } = encodeHeatmaps([0, 32], [2], { size: SIZE, keypointCount: 1 });
    const [x, y] = decodeHeatmaps(maps, [1, SIZE, SIZE, 1], 'expectation').keypoints;
    // Σ i·e^(−i²/18) / Σ e^(−i²/18) over i ≥ 0
    const weights = Array.from({ length: 26 }, (_, i) => Math.exp((-i * i) / 18));
    const mean = weights.reduce((sum, w, i) => sum + w * i, 0) / weights.reduce((a, b) => a + b);
    expect(x).toBeCloseTo(mean, 5);
    expect(x).toBeGreaterThan(1.9);
    expect(y).toBeCloseTo(32, 5);
  });
});

describe('decodeHeatmaps', () => {
  it('gives the largest value as confidence, and the middle without any for an empty map', () => {
    const maps = new Float32Array(2 * 25);
    for (const [cell, value] of [
      [6, 0.2],
      [7, 0.7],
      [8, 0.3],
    ] as const)
      maps[cell * 2] = value;
    for (const decoding of HEATMAP_DECODINGS) {
      const { keypoints, confidence } = decodeHeatmaps(maps, [1, 5, 5, 2], decoding);
      expect(confidence[0]).toBeCloseTo(0.7, 6);
      expect(confidence[1]).toBe(0);
      expect(Array.from(keypoints.subarray(2))).toEqual([2, 2]);
      expect(keypoints[0]).toBeGreaterThan(2);
      expect(keypoints[0]).toBeLessThan(2.5);
      expect(keypoints[1]).toBeCloseTo(1, 6);
    }
  });

  it('tells the samples apart', () => {
    const { maps } = encodeHeatmaps([3, 4, 10, 11, 6, 2, 1, 12], [2, 2, 2, 2], {
      size: 16,
      sigma: 1,
      keypointCount: 2,
    });
    const { keypoints } = decodeHeatmaps(maps, [2, 16, 16, 2]);
    Array.from(keypoints).forEach((value, i) => expect(value).toBeCloseTo([3, 4, 10, 11, 6, 2, 1, 12][i]!, 4));
  });

  it('never moves further than half a cell from the peak, whatever the map holds', () => {
    const noise = Float32Array.from({ length: 9 * 9 * 3 }, () => rng.uniform());
    const { keypoints } = decodeHeatmaps(noise, [1, 9, 9, 3], 'local');
    for (let k = 0; k < 3; k++) {
      let peak = 0;
      for (let cell = 0; cell < 81; cell++) if (noise[cell * 3 + k]! > noise[peak * 3 + k]!) peak = cell;
      expect(Math.abs(keypoints[2 * k]! - (peak % 9))).toBeLessThanOrEqual(0.5);
      expect(Math.abs(keypoints[2 * k + 1]! - Math.floor(peak / 9))).toBeLessThanOrEqual(0.5);
    }
  });

  it('refuses shapes and methods by name', () => {
    expect(() => decodeHeatmaps(new Float32Array(9), [1, 3, 3])).toThrow(
      'decodeHeatmaps: expected maps of shape [N, H, W, K] with as many values, got [1, 3, 3] and 9 values.',
    );
    expect(() => decodeHeatmaps(new Float32Array(8), [1, 3, 3, 1])).toThrow('got [1, 3, 3, 1] and 8 values.');
    expect(() => decodeHeatmaps(new Float32Array(9), [1, 3, 3, 1], 'max' as 'local')).toThrow(
      'decodeHeatmaps: expected decoding to be one of expectation, sharpened, argmax, local, got max.',
    );
  });
});
