import { jointIndex, type JointName, type KeypointOrderLike } from '@opposable/keypoint-order';
import { ConfigError, OpposableError } from '@opposable/tensor-checks';
import { countHands, readPoints, type ValidityMask } from './points-input.js';

export interface AlignRootOptions {
  /** Points per hand. Default 21. */
  readonly jointCount?: number | undefined;
  /** The joint that is brought into agreement, by name or by index. Default 'wrist'. */
  readonly root?: JointName | number | undefined;
  /** Order of the joints, in which a root's name is looked up. Default 'panoptic'. */
  readonly order?: KeypointOrderLike | undefined;
  /** [B·jointCount] flags; the root of a hand with a valid point must be valid too. */
  readonly mask?: ValidityMask | undefined;
}

/**
 * Moves each predicted hand so that its root lies on the target's: p' = p − p_root + t_root.
 *
 * @param predicted flat `[B, jointCount, 3]`, any unit
 * @param target flat `[B, jointCount, 3]`, same unit
 * @returns the moved prediction, flat `[B, jointCount, 3]`; points of hands without valid points are left where they are
 * @throws ShapeError for empty input or lengths that do not fit; ConfigError for a root outside the hand;
 *   OpposableError for NaN, or a hand whose root is masked while other points are not
 *
 * @example
 * alignRoot([0, 0, 0, 1, 0, 0], [5, 5, 5, 9, 9, 9], { jointCount: 2, root: 0 }); // → [5, 5, 5, 6, 5, 5]
 */
export function alignRoot(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  options: AlignRootOptions = {},
): Float64Array {
  const { jointCount = 21, root = 'wrist', order = 'panoptic', mask } = options;
  const { count, isValid } = readPoints(predicted, target, 'alignRoot', { dimension: 3, mask });
  const hands = countHands(count, jointCount, 'alignRoot');
  const rootIndex = typeof root === 'number' ? root : jointIndex(order, root);
  if (!Number.isInteger(rootIndex) || rootIndex < 0 || rootIndex >= jointCount) {
    throw new ConfigError(`alignRoot: expected a root among ${jointCount} joints, got ${root}.`, {
      expected: `0 … ${jointCount - 1}`,
      actual: root,
    });
  }
  const aligned = Float64Array.from(predicted);
  for (let hand = 0; hand < hands; hand++) {
    const first = hand * jointCount;
    const joints = Array.from({ length: jointCount }, (_, j) => first + j);
    if (!joints.some(isValid)) continue;
    const at = first + rootIndex;
    if (!isValid(at)) {
      throw new OpposableError(
        `alignRoot: expected a valid root in every hand with valid points, got hand ${hand} with joint ${rootIndex} masked.`,
        { expected: 'a valid root', actual: { hand, joint: rootIndex } },
      );
    }
    for (let d = 0; d < 3; d++) {
      const [from, to] = [predicted[at * 3 + d]!, target[at * 3 + d]!];
      // in this order the root itself lands on the target's exactly
      for (const joint of joints) aligned[joint * 3 + d] = aligned[joint * 3 + d]! - from + to;
    }
  }
  return aligned;
}
