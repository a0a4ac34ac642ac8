import { KeypointOrderError } from './errors.js';
import { fromRows, type Points, type SameKind, toRows } from './points.js';

/**
 * How mirroring maps columns of an image of width W.
 * - 'pixel-centers': u' = W − 1 − u, exact where pixel centres are integers.
 * - 'original': u' = W − u, what the published 3dhand data preparation does; off by one pixel.
 */
export type MirrorRule = 'pixel-centers' | 'original';

export interface MirrorPoints2dOptions {
  /** Width of the image in pixels. */
  readonly width: number;
  /** Default 'pixel-centers'. */
  readonly rule?: MirrorRule | undefined;
  /** Numbers per point of a flat array, for example 3 for x, y, visibility. Default 2; rows keep their length. */
  readonly dimension?: number | undefined;
}

/**
 * Mirrors a column coordinate: a point's u, or the principal point's cx.
 *
 * @param u pixels, pixel centres at integers
 * @param width of the image in pixels
 * @param rule default 'pixel-centers'
 * @throws KeypointOrderError for a width that is not positive or an unknown rule
 *
 * @example
 * mirrorColumn(0, 320); // → 319
 * mirrorColumn(0, 320, 'original'); // → 320
 */
export function mirrorColumn(u: number, width: number, rule: MirrorRule = 'pixel-centers'): number {
  if (!(width > 0)) {
    throw new KeypointOrderError(`mirrorColumn: expected a positive image width in pixels, got ${width}.`, {
      expected: 'width > 0',
      actual: width,
    });
  }
  if (rule === 'pixel-centers') return width - 1 - u;
  if (rule === 'original') return width - u;
  throw new KeypointOrderError(`mirrorColumn: expected rule 'pixel-centers' or 'original', got '${String(rule)}'.`, {
    expected: ['pixel-centers', 'original'],
    actual: rule,
  });
}

/**
 * Mirrors 2D points left to right: u' = W − 1 − u, everything else stays.
 *
 * Every point is moved, also those that a dataset marks invisible with (0, 0).
 *
 * @param points rows `[u, v, …]`, or flat `[N, dimension]`, pixels with centres at integers
 * @returns new points of the same kind
 * @throws KeypointOrderError for points that do not fit the dimension, or a width that is not positive
 *
 * @example
 * mirrorPoints2d([[10, 20]], { width: 256 }); // → [[245, 20]]
 */
export function mirrorPoints2d<P extends Points>(points: P, options: MirrorPoints2dOptions): SameKind<P> {
  const rows = toRows(points, 'mirrorPoints2d', { dimension: options.dimension ?? rowLength(points) ?? 2 });
  for (const row of rows) row[0] = mirrorColumn(row[0]!, options.width, options.rule);
  return fromRows(rows, points);
}

/**
 * Mirrors 3D points in the camera frame left to right: x' = −x.
 *
 * @param points rows `[x, y, z]`, or flat `[N, 3]`, any unit
 * @returns new points of the same kind
 * @throws KeypointOrderError if the numbers are not three per point
 *
 * @example
 * mirrorPoints3d([[1, 2, 3]]); // → [[-1, 2, 3]]
 */
export function mirrorPoints3d<P extends Points>(points: P): SameKind<P> {
  const rows = toRows(points, 'mirrorPoints3d', { dimension: 3 });
  for (const row of rows) row[0] = 0 - row[0]!; // not −x, which makes −0 of 0
  return fromRows(rows, points);
}

/**
 * Turns the pose of one hand into that of the other: keeps x of every axis-angle vector, negates y and z.
 *
 * This is conjugation of each rotation by diag(−1, 1, 1). It is exact for full axis-angle vectors, those with the mean
 * pose added or without it (the left mean is the mirrored right mean), not for PCA coefficients.
 *
 * @param axisAngles rows `[x, y, z]`, or flat `[J, 3]`, radians
 * @returns new vectors of the same kind
 * @throws KeypointOrderError if the numbers are not three per joint
 *
 * @example
 * mirrorAxisAngles([0.1, 0.2, 0.3]); // → [0.1, -0.2, -0.3]
 */
export function mirrorAxisAngles<P extends Points>(axisAngles: P): SameKind<P> {
  const rows = toRows(axisAngles, 'mirrorAxisAngles', { dimension: 3 }).map(([x, y, z]) => [x!, 0 - y!, 0 - z!]);
  return fromRows(rows, axisAngles);
}

function rowLength(points: Points): number | undefined {
  const first = points[0];
  return typeof first === 'object' ? first.length : undefined;
}
