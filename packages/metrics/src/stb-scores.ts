import { ConfigError } from '@opposable/tensor-checks';
import { wristFromPalmStb } from '@opposable/keypoint-order';
import { alignRoot } from './align-root.js';
import { areaUnderCurve } from './area-under-curve.js';
import { jointErrors } from './joint-errors.js';
import { meanError, medianError } from './mean-error.js';
import { pckCurve } from './pck-curve.js';
import { countHands, countPoints } from './points-input.js';
import { linspace } from './thresholds.js';

/** How prediction and label come to speak of the same joint 0, and what is brought into agreement before measuring. */
export interface StbScoresOptions {
  /**
   * What stands at joint 0 of the target: 'wrist' (a dataset whose palm centre was moved before), or 'palm' as STB's files
   * have it; then the wrist is extrapolated by W = 2·P − R1. The prediction always has its wrist there.
   */
  readonly targetRoot: 'palm' | 'wrist';
  /** The joint on which both hands are laid. Default 'wrist'; 'middle1' leaves the extrapolated joint out of it. */
  readonly root?: 'wrist' | 'middle1' | undefined;
  /**
   * 'bone': every predicted hand is scaled so that |M2 − M1| is the target's, as the reference evaluation of RHD and STB
   * does. Default 'none'.
   */
  readonly scale?: 'none' | 'bone' | undefined;
}

export interface StbScores {
  /** mm */
  readonly meanError: number;
  /** mm */
  readonly medianError: number;
  /** 0, 1, … 50 mm */
  readonly thresholds: readonly number[];
  readonly pck: Float64Array;
  /** Area under the curve from 20 to 50 mm, in 0 … 1. */
  readonly auc20to50: number;
  /** Area under the curve from 0 to 50 mm, in 0 … 1. */
  readonly auc0to50: number;
}

/** Places in the 'panoptic' order. */
const WRIST = 0;
const MIDDLE = [9, 10] as const;

function boneLength(points: ArrayLike<number>, hand: number): number {
  const [from, to] = MIDDLE.map((joint) => (hand * 21 + joint) * 3) as [number, number];
  return Math.hypot(...[0, 1, 2].map((d) => points[to + d]! - points[from + d]!));
}

function scaledByBone(predicted: Float64Array, target: ArrayLike<number>, hands: number): Float64Array {
  const scaled = predicted.slice();
  for (let hand = 0; hand < hands; hand++) {
    const length = boneLength(predicted, hand);
    if (!(length > 0)) continue; // nothing to measure by: the hand stays as it is
    const factor = boneLength(target, hand) / length;
    for (let i = hand * 63; i < hand * 63 + 63; i++) scaled[i]! *= factor;
  }
  return scaled;
}

/**
 * The evaluation of the Stereo Hand Pose Tracking Benchmark: each predicted hand is moved so that its root lies on the
 * target's, then the share of all 21 joints within each threshold is taken, the root included, and the area under that
 * curve from 20 to 50 mm. Neither rotation nor, unless asked for, scale is aligned.
 *
 * @param predicted flat `[B, 21, 3]` millimetres, camera axes, 'panoptic' order
 * @param target the same
 * @throws ShapeError for empty input or lengths that do not fit; OpposableError for NaN; ConfigError for an unknown option
 *
 * @example
 * const target = Array.from({ length: 63 }, (_, i) => (i * i) % 97);
 * const moved = target.map((x, i) => x + (i < 3 ? 0 : [24, 7, 0][i % 3])); // every joint but the root by 25 mm
 * stbScores(moved, target, { targetRoot: 'wrist' }).pck[24]; // → 1 / 21
 * stbScores(moved, target, { targetRoot: 'wrist' }).pck[25]; // → 1
 */
export function stbScores(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  options: StbScoresOptions,
): StbScores {
  const { targetRoot, root = 'wrist', scale = 'none' } = options;
  for (const [name, value, accepted] of [
    ['targetRoot', targetRoot, ['palm', 'wrist']],
    ['root', root, ['wrist', 'middle1']],
    ['scale', scale, ['none', 'bone']],
  ] as const) {
    if ((accepted as readonly string[]).includes(value)) continue;
    throw new ConfigError(`stbScores: expected ${name} to be one of ${accepted.join(', ')}, got "${String(value)}".`, {
      expected: accepted,
      actual: value,
    });
  }
  const hands = countHands(countPoints(target, 3, 'stbScores', 'target'), 21, 'stbScores');
  const goal = Float64Array.from(target);
  if (targetRoot === 'palm') {
    for (let hand = 0; hand < hands; hand++) {
      const rows = goal.subarray(hand * 63, hand * 63 + 63);
      rows.set(wristFromPalmStb(rows, { order: 'panoptic' }).points);
    }
  }
  let moved = Float64Array.from(predicted);
  if (scale === 'bone' && moved.length === goal.length) moved = scaledByBone(moved, goal, hands) as typeof moved;
  const aligned = alignRoot(moved, goal, { root: root === 'wrist' ? WRIST : MIDDLE[0] });
  const errors = jointErrors(aligned, goal);
  const thresholds = linspace(0, 50, 51);
  const pck = pckCurve(errors, thresholds);
  return {
    meanError: meanError(errors),
    medianError: medianError(errors),
    thresholds,
    pck,
    auc20to50: areaUnderCurve(thresholds, pck, { from: 20, to: 50 }),
    auc0to50: areaUnderCurve(thresholds, pck),
  };
}
