import { ShapeError } from '@opposable/tensor-checks';
import { alignHands } from './align-hands.js';
import { areaUnderCurve } from './area-under-curve.js';
import { fScores } from './f-score.js';
import { jointErrors } from './joint-errors.js';
import { meanError } from './mean-error.js';
import { pckCurve } from './pck-curve.js';
import { countHands, countPoints } from './points-input.js';
import { freihandThresholdsMm } from './thresholds.js';

/** Hands as FreiHAND's files hold them, flattened. */
export interface FreihandHands {
  /** `[B, 21, 3]` joints in metres, camera frame, panoptic order. */
  readonly xyz: ArrayLike<number>;
  /** `[B, V, 3]` vertices in metres, camera frame; leave out to score joints only. */
  readonly verts?: ArrayLike<number> | undefined;
}

/** Error and PCK of one kind of points. */
export interface FreihandPointScores {
  /** Mean distance in centimetres. */
  readonly meanErrorCm: number;
  /** Area under the PCK curve over 0–50 mm, in 0 … 1. */
  readonly auc: number;
  /** PCK at each of `freihandThresholdsMm()`. */
  readonly pck: Float64Array;
}

export interface FreihandMeshScores extends FreihandPointScores {
  /** Mean over hands of the F-score at 5 mm. */
  readonly fScore5mm: number;
  /** Mean over hands of the F-score at 15 mm. */
  readonly fScore15mm: number;
}

export interface FreihandScores {
  readonly joints: FreihandPointScores;
  /** After alignment of each hand's joints. */
  readonly alignedJoints: FreihandPointScores;
  readonly mesh: FreihandMeshScores | undefined;
  /** After alignment of each hand's vertices (not by the joints' alignment). */
  readonly alignedMesh: FreihandMeshScores | undefined;
}

const MM_PER_M = 1000;
const CM_PER_M = 100;
const F_THRESHOLDS_M = [0.005, 0.015];

function pointScores(predicted: ArrayLike<number>, target: ArrayLike<number>, perHand: number): FreihandPointScores {
  const errors = jointErrors(predicted, target);
  const thresholds = freihandThresholdsMm();
  const pck = pckCurve(
    errors.map((error) => error * MM_PER_M),
    thresholds,
    { jointCount: perHand },
  );
  return { meanErrorCm: meanError(errors) * CM_PER_M, auc: areaUnderCurve(thresholds, pck), pck };
}

function meshScores(predicted: Float64Array, target: Float64Array, perHand: number): FreihandMeshScores {
  const hands = predicted.length / (3 * perHand);
  const sums = [0, 0];
  for (let hand = 0; hand < hands; hand++) {
    const [begin, end] = [hand * perHand * 3, (hand + 1) * perHand * 3];
    const scores = fScores(predicted.subarray(begin, end), target.subarray(begin, end), F_THRESHOLDS_M);
    scores.forEach(({ score }, i) => (sums[i]! += score));
  }
  return {
    ...pointScores(predicted, target, perHand),
    fScore5mm: sums[0]! / hands,
    fScore15mm: sums[1]! / hands,
  };
}

/**
 * The scores of FreiHAND's evaluation: mean error and AUC (0–50 mm, 100 thresholds) of joints and vertices, F-scores of
 * the vertices at 5 and 15 mm, each as predicted and after Procrustes alignment of each hand with reflection allowed
 * (the official evaluation does not test for it).
 *
 * @param predicted joints and, if the mesh is to be scored, vertices, in metres
 * @param target the same in the same sequence of hands
 * @returns centimetres and fractions
 * @throws ShapeError for empty input or lengths that do not fit; OpposableError for NaN
 *
 * @example
 * const target = { xyz: Array.from({ length: 63 }, (_, i) => ((i * i) % 10) / 100) };
 * const predicted = { xyz: target.xyz.map((x) => x + 0.01) };
 * freihandScores(predicted, target).joints.meanErrorCm.toFixed(3); // → '1.732'
 * freihandScores(predicted, target).alignedJoints.meanErrorCm.toFixed(3); // → '0.000'
 */
export function freihandScores(predicted: FreihandHands, target: FreihandHands): FreihandScores {
  const hands = countHands(countPoints(predicted.xyz, 3, 'freihandScores', 'xyz'), 21, 'freihandScores');
  const joints = pointScores(predicted.xyz, target.xyz, 21);
  const reflection = 'allow';
  const alignedJoints = pointScores(alignHands(predicted.xyz, target.xyz, { reflection }), target.xyz, 21);
  if (predicted.verts === undefined && target.verts === undefined) {
    return { joints, alignedJoints, mesh: undefined, alignedMesh: undefined };
  }
  const [verts, goal] = [Float64Array.from(predicted.verts ?? []), Float64Array.from(target.verts ?? [])];
  const perHand = countPoints(verts, 3, 'freihandScores', 'predicted.verts') / hands;
  if (!Number.isInteger(perHand) || goal.length !== verts.length) {
    throw new ShapeError(
      `freihandScores: expected as many vertices for each of ${hands} hands in predicted and target, got ${verts.length} and ${goal.length} numbers.`,
      { expected: [hands, 'V', 3], actual: [verts.length, goal.length] },
    );
  }
  const aligned = alignHands(verts, goal, { jointCount: perHand, reflection });
  return {
    joints,
    alignedJoints,
    mesh: meshScores(verts, goal, perHand),
    alignedMesh: meshScores(aligned, goal, perHand),
  };
}
