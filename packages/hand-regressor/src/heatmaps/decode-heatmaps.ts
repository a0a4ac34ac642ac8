import { ConfigError, ShapeError } from '@opposable/tensor-checks';

/**
 * How a place is read from a map:
 * - `'expectation'`: the mean of all cells weighted by the map (soft-argmax), as the tutorial does;
 * - `'sharpened'`: the mean of all cells weighted by the cube of the map: the peak's place where there is one, a place between them
 *   where the map has several, which is off by less on average;
 * - `'argmax'`: the largest cell, moved by a quarter of a cell towards the larger neighbour on each axis (Newell et al., 2016);
 * - `'local'`: the largest cell, moved to the maximum of the parabola through the logarithms around it, which is exact for a
 *   Gaussian (the Taylor step of Zhang et al., Distribution-Aware Coordinate Representation, CVPR 2020).
 */
export const HEATMAP_DECODINGS = ['expectation', 'sharpened', 'argmax', 'local'] as const;
export type HeatmapDecoding = (typeof HEATMAP_DECODINGS)[number];

export interface DecodedHeatmaps {
  /** [N, K, 2] in cells, x then y, cell centres at integers; the middle of the map where it is empty */
  readonly keypoints: Float64Array;
  /** [N, K] the map's largest value: 0 for an empty map, near 1 for a sure keypoint */
  readonly confidence: Float32Array;
}

/** Below it logarithms are cut off. */
const FLOOR = 1e-10;

/**
 * Keypoints from heat maps.
 *
 * Near the border the two means are drawn inwards, because part of the blob is cut off; the other two are not.
 *
 * @param maps [N, H, W, K], not negative
 * @param shape of the maps
 * @throws ShapeError if the number of values does not fit; ConfigError for an unknown method
 *
 * @example
 * const { keypoints, confidence } = decodeHeatmaps(await maps.data(), maps.shape, 'local');
 */
export function decodeHeatmaps(
  maps: ArrayLike<number>,
  shape: readonly number[],
  decoding: HeatmapDecoding = 'local',
): DecodedHeatmaps {
  const [samples, height, width, count] = shape as [number, number, number, number];
  if (shape.length !== 4 || samples * height * width * count !== maps.length) {
    throw new ShapeError(
      `decodeHeatmaps: expected maps of shape [N, H, W, K] with as many values, got [${shape.join(', ')}] and ${maps.length} values.`,
      { expected: ['N', 'H', 'W', 'K'], actual: shape },
    );
  }
  if (!HEATMAP_DECODINGS.includes(decoding)) {
    throw new ConfigError(
      `decodeHeatmaps: expected decoding to be one of ${HEATMAP_DECODINGS.join(', ')}, got ${String(decoding)}.`,
      { expected: HEATMAP_DECODINGS, actual: decoding },
    );
  }
  const keypoints = new Float64Array(samples * count * 2);
  const confidence = new Float32Array(samples * count);
  const area = height * width;
  const isMean = decoding === 'expectation' || decoding === 'sharpened';
  const sharpen = decoding === 'sharpened';
  const sums = new Float64Array(count * 3);
  const peaks = new Int32Array(count);
  for (let n = 0; n < samples; n++) {
    const start = n * area * count;
    sums.fill(0);
    peaks.fill(0);
    const largest = confidence.subarray(n * count, (n + 1) * count);
    for (let cell = 0, i = start; cell < area; cell++) {
      const x = cell % width;
      const y = (cell - x) / width;
      for (let k = 0; k < count; k++, i++) {
        const value = maps[i]!;
        if (value > largest[k]!) {
          largest[k] = value;
          peaks[k] = cell;
        }
        if (!isMean) continue;
        const weight = sharpen ? value * value * value : value;
        sums[3 * k] = sums[3 * k]! + weight;
        sums[3 * k + 1] = sums[3 * k + 1]! + weight * x;
        sums[3 * k + 2] = sums[3 * k + 2]! + weight * y;
      }
    }
    for (let k = 0; k < count; k++) {
      const to = (n * count + k) * 2;
      let [x, y] = [(width - 1) / 2, (height - 1) / 2];
      if (largest[k]! > 0) {
        if (isMean) [x, y] = [sums[3 * k + 1]! / sums[3 * k]!, sums[3 * k + 2]! / sums[3 * k]!];
        else {
          const column = peaks[k]! % width;
          const row = (peaks[k]! - column) / width;
          const at = (u: number, v: number): number => maps[start + (v * width + u) * count + k]!;
          const move = decoding === 'argmax' ? quarterStep : parabolaStep;
          x = move(column, width, (u) => at(u, row));
          y = move(row, height, (v) => at(column, v));
        }
      }
      keypoints[to] = x;
      keypoints[to + 1] = y;
    }
  }
  return { keypoints, confidence };
}

/** A quarter of a cell towards the larger neighbour. */
function quarterStep(peak: number, size: number, at: (i: number) => number): number {
  if (peak === 0 || peak === size - 1) return peak;
  return peak + 0.25 * Math.sign(at(peak + 1) - at(peak - 1));
}

/**
 * The maximum of the parabola through three logarithms. At the border the three innermost ones serve: the logarithm of a
 * Gaussian is one parabola everywhere, so this stays exact, and a place half a cell outside is found too.
 */
function parabolaStep(peak: number, size: number, at: (i: number) => number): number {
  if (size < 3) return peak;
  const middle = Math.min(Math.max(peak, 1), size - 2);
  const [left, centre, right] = [middle - 1, middle, middle + 1].map((i) => Math.log(Math.max(FLOOR, at(i)))) as [
    number,
    number,
    number,
  ];
  const curvature = left - 2 * centre + right;
  if (!(curvature < 0)) return peak;
  const place = middle + (0.5 * (left - right)) / curvature;
  return Math.min(Math.max(place, peak - 0.5), peak + 0.5);
}
