import { KeypointOrderError } from './errors.js';
import { jointIndex } from './joint-index.js';
import { keypointOrder, type KeypointOrderLike } from './keypoint-order.js';

/**
 * The permutation that takes points from one order to another, derived from the joints' names:
 *
 *     out[i] = in[p[i]]
 *
 * The palm centre of 'stereo' stands at the wrist's place and is copied there as it is; `wristFromPalmStb` moves it to
 * the wrist.
 *
 * @param from order of the points at hand
 * @param to order wanted
 * @returns 21 indices into the points at hand, a new array
 * @throws KeypointOrderError for an unknown order
 *
 * @example
 * permutation('mano', 'openpose').slice(0, 6); // → [0, 17, 18, 19, 20, 1]
 */
export function permutation(from: KeypointOrderLike, to: KeypointOrderLike): number[] {
  const source = keypointOrder(from);
  return keypointOrder(to).joints.map((joint) => jointIndex(source, joint));
}

/**
 * The permutation that undoes another one: `q[p[i]] = i`.
 *
 * @throws KeypointOrderError if the numbers are not 0 … n − 1, each once
 *
 * @example
 * invertPermutation([2, 0, 1]); // → [1, 2, 0]
 */
export function invertPermutation(indices: ArrayLike<number>): number[] {
  const inverse = new Array<number>(indices.length).fill(-1);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (inverse[index] !== -1) {
      throw new KeypointOrderError(
        `invertPermutation: expected each of 0 … ${indices.length - 1} once, got ${index} at index ${i}${inverse[index] === undefined ? '' : ' a second time'}.`,
        { expected: `0 … ${indices.length - 1}, each once`, actual: Array.from(indices) },
      );
    }
    inverse[index] = i;
  }
  return inverse;
}
