import type { FingerName, KnuckleName } from './joint-name.js';
import { jointIndex } from './joint-index.js';
import type { KeypointOrderLike } from './keypoint-order.js';
import { fromRows, type Points, type SameKind, toRows } from './points.js';

export interface WristPalmOptions {
  /** Order of the points. */
  readonly order?: KeypointOrderLike | undefined;
  /** The finger whose knuckle (MCP) takes part. */
  readonly finger?: FingerName | undefined;
  /**
   * [21] flags of the points, 0 for invisible (0/1, COCO's 0/1/2 or a confidence), same order.
   * The moved point gets the larger (`either`) or the smaller (`both`) flag of the two it comes from.
   */
  readonly visibility?: ArrayLike<number> | undefined;
  /**
   * 'either' (default): visible if one of the two points is, the rule of the published readers, whose labels hold every
   * coordinate. 'both': for labels that leave coordinates of invisible points empty.
   */
  readonly visibleIf?: 'either' | 'both' | undefined;
}

/** Points after the move. */
export interface MovedRoot<P extends Points> {
  /** All 21 points, a new array. */
  readonly points: SameKind<P>;
  /** [21] flags after the move; undefined where none were given. */
  readonly visibility: number[] | undefined;
}

/** The same without rows, for readers of whole datasets. */
function movedFlat(
  points: Float64Array | Float32Array,
  { order, finger }: { readonly order: KeypointOrderLike; readonly finger: FingerName },
  move: (root: number, knuckle: number) => number,
): Float64Array | Float32Array {
  const width = points.length / 21;
  const root = width * jointIndex(order, 'wrist');
  const knuckle = width * jointIndex(order, `${finger}1` satisfies KnuckleName);
  const moved = points.slice();
  for (let d = 0; d < width; d++) moved[root + d] = move(points[root + d]!, points[knuckle + d]!);
  return moved;
}

function moveRoot<P extends Points>(
  points: P,
  operation: string,
  options: WristPalmOptions & { order: KeypointOrderLike; finger: FingerName },
  move: (root: number, knuckle: number) => number,
): MovedRoot<P> {
  const isFlat = points instanceof Float64Array || points instanceof Float32Array;
  if (isFlat && options.visibility === undefined && points.length > 0 && points.length % 21 === 0) {
    return { points: movedFlat(points, options, move) as SameKind<P>, visibility: undefined };
  }
  const rows = toRows(points, operation, { count: 21 });
  const root = jointIndex(options.order, 'wrist');
  const knuckle = jointIndex(options.order, `${options.finger}1` satisfies KnuckleName);
  rows[root] = rows[root]!.map((value, d) => move(value, rows[knuckle]![d]!));
  let visibility: number[] | undefined;
  if (options.visibility !== undefined) {
    visibility = toRows(Array.from(options.visibility), `${operation}: visibility`, { count: 21, dimension: 1 }).flat();
    const pick = options.visibleIf === 'both' ? Math.min : Math.max;
    visibility[root] = pick(visibility[root]!, visibility[knuckle]!);
  }
  return { points: fromRows(rows, points), visibility };
}

/**
 * Replaces the palm centre of STB by the wrist, extrapolated from a knuckle through the palm centre:
 *
 *     W = R1 + 2·(P − R1) = 2·P − R1
 *
 * with R1 the ring finger's MCP. The published readers of the dataset do the same, in 2D and in 3D.
 *
 * @param points 21 points in 2D or 3D, any unit: `[21][D]`, or flat `[21, D]`
 * @param options order (default 'stereo'), finger (default 'ring'), visibility, visibleIf; `order` may be any order the
 *   points were brought into, the palm centre then stands at the wrist's place
 * @returns the points with the wrist in place of the palm centre, and the visibility flags
 * @throws KeypointOrderError for an unknown order or another number of points
 *
 * @example
 * const stbPoints = names('stb').map((joint) => (joint === 'palm' ? [0, 0] : joint === 'ring1' ? [1, 9] : [5, 5]));
 * const { points } = wristFromPalmStb(stbPoints);
 * reorder(points, 'stb', 'panoptic')[0]; // → [-1, -9]
 */
export function wristFromPalmStb<P extends Points>(points: P, options: WristPalmOptions = {}): MovedRoot<P> {
  const { order = 'stereo', finger = 'ring' } = options;
  return moveRoot(points, 'wristFromPalmStb', { ...options, order, finger }, (palm, knuckle) => 2 * palm - knuckle);
}

/**
 * Replaces the wrist of RHD by the palm centre, as the evaluation against STB needs it:
 *
 *     P = (W + M1) / 2
 *
 * with M1 the middle finger's MCP. Note that the STB rule above uses the ring finger: with the same `finger` the two
 * undo each other, with their defaults they do not.
 *
 * @param points 21 points in 2D or 3D, any unit: `[21][D]`, or flat `[21, D]`
 * @param options order (default 'rhd'), finger (default 'middle'), visibility, visibleIf
 * @returns the points with the palm centre in place of the wrist, and the visibility flags
 * @throws KeypointOrderError for an unknown order or another number of points
 *
 * @example
 * const rhdPoints = names('rhd').map((joint) => (joint === 'middle1' ? [4, 10] : [0, 0]));
 * palmFromWristRhd(rhdPoints).points[0]; // → [2, 5]
 */
export function palmFromWristRhd<P extends Points>(points: P, options: WristPalmOptions = {}): MovedRoot<P> {
  const { order = 'rhd', finger = 'middle' } = options;
  return moveRoot(points, 'palmFromWristRhd', { ...options, order, finger }, (wrist, knuckle) => (wrist + knuckle) / 2);
}
