import { KeypointOrderError } from './errors.js';
import type { TypedArray } from './reorder.js';

/** The two hands of an array of 42 joints. */
export interface TwoHands<T> {
  readonly left: T;
  readonly right: T;
}

const JOINTS_OF_TWO_HANDS = 42;

function split<T extends TypedArray | readonly unknown[]>(points: T, operation: string): [T, T] {
  const rowLength = points.length / JOINTS_OF_TWO_HANDS;
  const fits = Array.isArray(points) ? rowLength === 1 : Number.isInteger(rowLength) && rowLength > 0;
  if (!fits) {
    const expected = Array.isArray(points) ? '42 entries' : '42 × dimension numbers';
    throw new KeypointOrderError(`${operation}: expected ${expected}, got ${points.length}.`, {
      expected,
      actual: points.length,
    });
  }
  return [points.slice(0, points.length / 2) as T, points.slice(points.length / 2) as T];
}

/**
 * Splits the 42 joints of RHD: left hand 0–20, right hand 21–41. Each hand is in the order 'rhd'.
 *
 * @param points 42 entries (points, visibilities, …), or a flat typed array `[42, D]`
 * @returns copies, entries shared
 * @throws KeypointOrderError for another number of joints
 *
 * @example
 * splitRhdHands(new Float64Array(42 * 3)).right.length; // → 63
 */
export function splitRhdHands<T extends TypedArray | readonly unknown[]>(points: T): TwoHands<T> {
  const [left, right] = split(points, 'splitRhdHands');
  return { left, right };
}

/**
 * Splits the 42 joints of InterHand2.6M: right hand 0–20, left hand 21–41 (the reverse of RHD). Each hand is in the
 * order 'interhand', its wrist at index 20.
 *
 * @param points 42 entries (points, visibilities, …), or a flat typed array `[42, D]`
 * @returns copies, entries shared
 * @throws KeypointOrderError for another number of joints
 *
 * @example
 * const labels = ['right', 'left'].flatMap((side) => names('interhand').map((joint) => `${side} ${joint}`));
 * splitInterhandHands(labels).left[20]; // → 'left wrist'
 */
export function splitInterhandHands<T extends TypedArray | readonly unknown[]>(points: T): TwoHands<T> {
  const [right, left] = split(points, 'splitInterhandHands');
  return { left, right };
}
