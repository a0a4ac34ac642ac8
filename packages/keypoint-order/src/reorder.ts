import { KeypointOrderError } from './errors.js';
import type { KeypointOrderLike } from './keypoint-order.js';
import { permutation } from './permutation.js';

/** A flat array that keeps its type when reordered. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

export interface ReorderOptions {
  /**
   * Numbers per joint of a flat array, which may then hold any number of hands, one after another: `[B, 21, dimension]`.
   * Default: the array holds one hand, `[21, length / 21]`.
   */
  readonly dimension?: number | undefined;
}

const JOINT_COUNT = 21;

function reorderFlat<T extends TypedArray | number[]>(flat: T, indices: readonly number[], dimension?: number): T {
  const width = dimension ?? flat.length / JOINT_COUNT;
  const hands = flat.length / (JOINT_COUNT * width);
  if (!Number.isInteger(width) || width < 1 || !Number.isInteger(hands)) {
    const expected = dimension === undefined ? '21 × dimension' : `hands × 21 × ${dimension}`;
    throw new KeypointOrderError(`reorder: expected ${expected} numbers, got ${flat.length}.`, {
      expected,
      actual: flat.length,
    });
  }
  const result = flat.slice();
  for (let hand = 0; hand < hands; hand++) {
    for (let i = 0; i < JOINT_COUNT; i++) {
      const to = (hand * JOINT_COUNT + i) * width;
      const from = (hand * JOINT_COUNT + indices[i]!) * width;
      for (let d = 0; d < width; d++) result[to + d] = flat[from + d]!;
    }
  }
  return result as T;
}

/**
 * Puts the points of a hand into another order: `out[i] = in[p[i]]` with `p = permutation(from, to)`.
 *
 * A list of 21 entries (points, names, visibilities, …) gives a new list of the same entries, which are not copied. A
 * typed array, or a list with `dimension`, is taken as flat and row-major.
 *
 * @param points 21 entries, or a flat array `[21, D]` or `[B, 21, dimension]`, in any unit
 * @param from order of `points`
 * @param to order wanted
 * @returns a new array of the same kind
 * @throws KeypointOrderError for an unknown order or a number of entries that does not fit
 *
 * @example
 * reorder(names('panoptic'), 'panoptic', 'rhd')[1]; // → 'thumb4'
 * reorder(new Float32Array(63), 'stb', 'freihand').length; // → 63
 */
export function reorder<T extends TypedArray>(
  points: T,
  from: KeypointOrderLike,
  to: KeypointOrderLike,
  options?: ReorderOptions,
): T;
export function reorder(
  points: readonly number[],
  from: KeypointOrderLike,
  to: KeypointOrderLike,
  options: ReorderOptions & { readonly dimension: number },
): number[];
export function reorder<T>(points: readonly T[], from: KeypointOrderLike, to: KeypointOrderLike): T[];
export function reorder(
  points: TypedArray | readonly unknown[],
  from: KeypointOrderLike,
  to: KeypointOrderLike,
  options: ReorderOptions = {},
): unknown {
  const indices = permutation(from, to);
  if (!Array.isArray(points)) return reorderFlat(points as TypedArray, indices, options.dimension);
  if (options.dimension !== undefined) return reorderFlat(points as number[], indices, options.dimension);
  if (points.length !== JOINT_COUNT) {
    throw new KeypointOrderError(
      `reorder: expected 21 entries, got ${points.length}; give { dimension } if the list is flat.`,
      { expected: JOINT_COUNT, actual: points.length },
    );
  }
  return indices.map((index) => (points as readonly unknown[])[index]);
}
