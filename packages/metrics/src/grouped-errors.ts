import {
  FINGER_NAMES,
  type FingerName,
  fingerOf,
  type JointName,
  type KeypointOrderLike,
  names,
} from '@opposable/keypoint-order';
import { countHands, forEachError, type ValidityMask } from './points-input.js';

export interface GroupedErrorsOptions {
  /** Order of the joints within each hand. Default 'panoptic'. */
  readonly order?: KeypointOrderLike | undefined;
  /** [B·21] flags; errors left out may be NaN. */
  readonly mask?: ValidityMask | undefined;
}

/** Means of errors by group; a group without any valid error is absent. */
function meansBy<K extends string>(
  errors: ArrayLike<number>,
  operation: string,
  mask: ValidityMask | undefined,
  groupOf: (index: number) => K,
): Partial<Record<K, number>> {
  const sums = new Map<K, { sum: number; count: number }>();
  forEachError(errors, mask, operation, (error, index) => {
    const group = groupOf(index);
    const entry = sums.get(group) ?? { sum: 0, count: 0 };
    sums.set(group, { sum: entry.sum + error, count: entry.count + 1 });
  });
  return Object.fromEntries([...sums].map(([group, { sum, count }]) => [group, sum / count])) as Partial<
    Record<K, number>
  >;
}

/**
 * Mean error of each joint over all hands.
 *
 * @param errors [B·21], as `jointErrors` gives them
 * @returns by joint name, in the unit of the errors; a joint that is nowhere valid is absent
 * @throws ShapeError unless there are 21 errors per hand; OpposableError for NaN or no valid error
 *
 * @example
 * const errors = names('rhd').map((joint) => (joint === 'thumb4' ? 8 : 2));
 * perJointErrors(errors, { order: 'rhd' }).thumb4; // → 8
 */
export function perJointErrors(
  errors: ArrayLike<number>,
  options: GroupedErrorsOptions = {},
): Partial<Record<JointName, number>> {
  const joints = names(options.order ?? 'panoptic');
  countHands(errors.length, joints.length, 'perJointErrors');
  return meansBy(errors, 'perJointErrors', options.mask, (index) => joints[index % joints.length]!);
}

/**
 * Mean error of each finger (its four joints) and of the wrist or palm centre (`root`) over all hands.
 *
 * @param errors [B·21], as `jointErrors` gives them
 * @returns by finger, in the unit of the errors; a finger that is nowhere valid is absent
 * @throws ShapeError unless there are 21 errors per hand; OpposableError for NaN or no valid error
 *
 * @example
 * const errors = names('rhd').map((joint) => (joint === 'thumb4' ? 8 : 2));
 * perFingerErrors(errors, { order: 'rhd' }); // → { root: 2, thumb: 3.5, index: 2, middle: 2, ring: 2, pinky: 2 }
 */
export function perFingerErrors(
  errors: ArrayLike<number>,
  options: GroupedErrorsOptions = {},
): Partial<Record<FingerName | 'root', number>> {
  const joints = names(options.order ?? 'panoptic');
  countHands(errors.length, joints.length, 'perFingerErrors');
  const means = meansBy(
    errors,
    'perFingerErrors',
    options.mask,
    (index) => fingerOf(joints[index % joints.length]!) ?? 'root',
  );
  const groups = ['root', ...FINGER_NAMES] as const;
  return Object.fromEntries(groups.flatMap((group) => (means[group] === undefined ? [] : [[group, means[group]]])));
}

export interface PerHandErrorsOptions {
  /** Points per hand. Default 21. */
  readonly jointCount?: number | undefined;
  /** [B·jointCount] flags; errors left out may be NaN. */
  readonly mask?: ValidityMask | undefined;
}

/**
 * Mean error of each hand over its valid joints: what to sort by for the best and the worst cases.
 *
 * @param errors [B·jointCount], as `jointErrors` gives them
 * @returns [B] in the unit of the errors, NaN for a hand without valid joints
 * @throws ShapeError for a number of errors that does not fit; OpposableError for NaN or no valid error
 *
 * @example
 * perHandErrors([1, 3, 10, 20], { jointCount: 2 }); // → [2, 15]
 */
export function perHandErrors(errors: ArrayLike<number>, options: PerHandErrorsOptions = {}): Float64Array {
  const { jointCount = 21, mask } = options;
  const hands = countHands(errors.length, jointCount, 'perHandErrors');
  const sums = new Float64Array(hands);
  const counts = new Float64Array(hands);
  forEachError(errors, mask, 'perHandErrors', (error, index) => {
    sums[Math.floor(index / jointCount)]! += error;
    counts[Math.floor(index / jointCount)]!++;
  });
  return sums.map((sum, hand) => sum / counts[hand]!);
}
