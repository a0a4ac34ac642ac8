import { ConfigError } from '@opposable/tensor-checks';

export interface HeatmapEncoding {
  /** Side of the square maps in cells. */
  readonly size: number;
  /** Standard deviation of the blob in cells. Default 3. */
  readonly sigma?: number | undefined;
  /**
   * `'exact'` (default): the blob stands at the keypoint's very place, cell centres at integers.
   * `'documented'`: as in the tutorial, at the cell that is left when u is cut to a whole number, blurred with a mirrored border.
   */
  readonly placement?: 'exact' | 'documented' | undefined;
  /** Half of the blob's extent in cells; beyond it the map is 0. Default 25, for the tutorial's 51 × 51 kernel. */
  readonly radius?: number | undefined;
}

/** σ and radius of the tutorial. */
export const HEATMAP_DEFAULTS = { sigma: 3, radius: 25, placement: 'exact' } as const;

interface Profile {
  /** first cell that is not 0 */
  readonly first: number;
  readonly values: Float64Array;
}

/** exp(−(i − u)²/2σ²) for the cells within the radius. */
function exactProfile(u: number, size: number, sigma: number, radius: number): Profile {
  const first = Math.max(0, Math.ceil(u - radius));
  const last = Math.min(size - 1, Math.floor(u + radius));
  const values = Float64Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const d = first + i - u;
    return Math.exp((-d * d) / (2 * sigma * sigma));
  });
  return { first, values };
}

/** A one at trunc(u) blurred by 2·radius + 1 taps, the border mirrored without repeating it, and divided by its maximum. */
function blurredProfile(u: number, size: number, sigma: number, radius: number): Profile {
  const place = Math.trunc(u);
  const period = 2 * (size - 1);
  if (period === 0) return { first: 0, values: Float64Array.of(1) };
  const images = new Set([place]); // where the mirrors show the one
  for (let k = -Math.ceil(radius / period) - 1; k * period <= radius + 2 * size; k++) {
    images.add(k * period + place).add(k * period - place);
  }
  const values = new Float64Array(size);
  for (const image of images) {
    for (let i = Math.max(0, image - radius); i <= Math.min(size - 1, image + radius); i++) {
      values[i] = values[i]! + Math.exp((-(i - image) * (i - image)) / (2 * sigma * sigma));
    }
  }
  const peak = values.reduce((most, value) => Math.max(most, value), 0);
  return { first: 0, values: values.map((value) => value / peak) };
}

/** Whether a place in cells, centres at integers, lies on the map. */
export function isOnMap(u: number, v: number, size: number): boolean {
  return u >= -0.5 && v >= -0.5 && u < size - 0.5 && v < size - 0.5;
}

/**
 * Writes the heat map of one keypoint: a Gaussian blob of height 1; all 0 where the keypoint is outside.
 *
 *     exact:        exp(−((x − u)² + (y − v)²)/2σ²), inside where −½ ≤ u, v < size − ½
 *     documented:   the same at (trunc(u), trunc(v)) with a mirrored border, inside where −1 < u, v < size
 *
 * @param out where the map goes, cells `offset + (y·size + x)·stride`; they must be 0 before
 * @param u column in cells, v row in cells
 * @returns whether the keypoint was inside
 * @throws ConfigError if size, σ or radius is not positive
 */
export function writeHeatmap(
  out: Float32Array | Uint8Array,
  [u, v]: readonly [number, number],
  encoding: HeatmapEncoding,
  { offset = 0, stride = 1, scale = 1 }: { offset?: number; stride?: number; scale?: number } = {},
): boolean {
  const { size } = encoding;
  const { sigma, radius, placement } = checkEncoding(encoding);
  const documented = placement === 'documented';
  const inside = documented ? u > -1 && v > -1 && u < size && v < size : isOnMap(u, v, size);
  if (!inside) return false;
  const profile = documented ? blurredProfile : exactProfile;
  const columns = profile(u, size, sigma, radius);
  const rows = profile(v, size, sigma, radius);
  const rounding = out instanceof Uint8Array ? 0.5 : 0;
  rows.values.forEach((row, y) => {
    const start = offset + ((rows.first + y) * size + columns.first) * stride;
    for (let x = 0; x < columns.values.length; x++) {
      out[start + x * stride] = row * columns.values[x]! * scale + rounding;
    }
  });
  return true;
}

function checkEncoding({
  size,
  sigma = HEATMAP_DEFAULTS.sigma,
  radius = HEATMAP_DEFAULTS.radius,
  placement = HEATMAP_DEFAULTS.placement,
}: HeatmapEncoding) {
  if (!Number.isInteger(size) || size < 1 || !(sigma > 0) || !Number.isInteger(radius) || radius < 1) {
    throw new ConfigError(
      `encodeHeatmaps: expected size and radius as positive integers and sigma above 0, got ${size}, ${radius} and ${sigma}.`,
      { expected: 'size >= 1, radius >= 1, sigma > 0', actual: { size, radius, sigma } },
    );
  }
  return { sigma, radius, placement };
}

/** Maps with what the loss may look at. */
export interface EncodedHeatmaps {
  /** [N, size, size, K] in 0–1 */
  readonly maps: Float32Array;
  /** [N, K] 1 where the map is to be learnt: the keypoint's place is known, on the map or beside it */
  readonly valid: Float32Array;
}

/**
 * Heat maps of keypoints, keypoint last.
 *
 * A keypoint that is not labelled has an empty map that does not count; one that is labelled but outside has an empty map that
 * counts, so that the network learns to say so. Hidden keypoints (COCO's 1) count like visible ones unless `hidden` says otherwise.
 *
 * @param keypoints [N, K, 2] in cells of the map, x then y, centres at integers
 * @param visibility [N, K] 0 not labelled, 1 labelled but hidden, 2 visible
 * @throws ConfigError if an option is out of range or the lengths do not fit; a coordinate of a labelled keypoint that is not a number
 */
export function encodeHeatmaps(
  keypoints: ArrayLike<number>,
  visibility: ArrayLike<number>,
  options: HeatmapEncoding & { readonly keypointCount?: number; readonly hidden?: 'include' | 'exclude' },
): EncodedHeatmaps {
  const { size, keypointCount = 21, hidden = 'include' } = options;
  checkEncoding(options);
  const samples = visibility.length / keypointCount;
  if (!Number.isInteger(samples) || keypoints.length !== 2 * visibility.length) {
    throw new ConfigError(
      `encodeHeatmaps: expected 2·N·${keypointCount} coordinates and N·${keypointCount} flags, got ${keypoints.length} and ${visibility.length}.`,
      { expected: { keypoints: [samples, keypointCount, 2] }, actual: [keypoints.length, visibility.length] },
    );
  }
  const maps = new Float32Array(samples * size * size * keypointCount);
  const valid = new Float32Array(samples * keypointCount);
  for (let i = 0; i < valid.length; i++) {
    const seen = visibility[i]!;
    if (seen === 0 || (seen === 1 && hidden === 'exclude')) continue;
    const [u, v] = [keypoints[2 * i]!, keypoints[2 * i + 1]!];
    if (!Number.isFinite(u) || !Number.isFinite(v)) {
      throw new ConfigError(`encodeHeatmaps: expected finite keypoints, got (${u}, ${v}) at index ${i}.`, {
        expected: 'finite',
        actual: [u, v],
      });
    }
    valid[i] = 1;
    const offset = Math.floor(i / keypointCount) * size * size * keypointCount + (i % keypointCount);
    writeHeatmap(maps, [u, v], options, { offset, stride: keypointCount });
  }
  return { maps, valid };
}
