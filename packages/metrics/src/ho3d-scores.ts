import { alignHands } from './align-hands.js';
import { type FreihandHands, type FreihandMeshScores, freihandScores } from './freihand-scores.js';
import { areaUnderCurve } from './area-under-curve.js';
import { jointErrors } from './joint-errors.js';
import { meanError } from './mean-error.js';
import { pckCurve } from './pck-curve.js';
import { freihandThresholdsMm } from './thresholds.js';

/** Error and curve of one way of aligning. */
export interface Ho3dPointScores {
  /** Mean distance in centimetres. */
  readonly meanErrorCm: number;
  /** Area under the PCK curve over 0–50 mm, in 0 … 1. */
  readonly auc: number;
  readonly pck: Float64Array;
}

export interface Ho3dScores {
  /** As predicted, root not aligned. */
  readonly joints: Ho3dPointScores;
  /** After alignment of scale and translation of each hand. */
  readonly scaleTranslationJoints: Ho3dPointScores;
  /** After Procrustes alignment of each hand. */
  readonly alignedJoints: Ho3dPointScores;
  readonly mesh: FreihandMeshScores | undefined;
  readonly alignedMesh: FreihandMeshScores | undefined;
}

/**
 * Points between OpenGL's camera axes (x right, y up, z towards the viewer), in which HO-3D's labels and submissions are,
 * and OpenCV's (x right, y down, z away): y and z change sign, so that it undoes itself.
 *
 * @param points flat `[N, 3]`, any unit
 *
 * @example
 * flipCameraAxes([1, 2, -3]); // → [1, -2, 3]
 */
export function flipCameraAxes(points: ArrayLike<number>): Float64Array {
  return Float64Array.from(points, (value, i) => (i % 3 === 0 ? value : -value));
}

/** Each predicted hand brought onto its target by one scale and a translation, in the least-squares sense. */
function alignScaleTranslation(predicted: ArrayLike<number>, target: ArrayLike<number>, perHand: number): Float64Array {
  const width = perHand * 3;
  const aligned = Float64Array.from(predicted);
  for (let start = 0; start < aligned.length; start += width) {
    const centre = (points: ArrayLike<number>, d: number): number => {
      let sum = 0;
      for (let i = d; i < width; i += 3) sum += points[start + i]!;
      return sum / perHand;
    };
    const [from, to] = [[0, 1, 2].map((d) => centre(predicted, d)), [0, 1, 2].map((d) => centre(target, d))];
    let [product, square] = [0, 0];
    for (let i = 0; i < width; i++) {
      const p = predicted[start + i]! - from[i % 3]!;
      product += p * (target[start + i]! - to[i % 3]!);
      square += p * p;
    }
    const scale = square > 0 ? product / square : 1;
    for (let i = 0; i < width; i++) aligned[start + i] = scale * (predicted[start + i]! - from[i % 3]!) + to[i % 3]!;
  }
  return aligned;
}

/**
 * The scores of HO-3D's evaluation: mean joint error and AUC (0–50 mm, 100 thresholds) as predicted, with scale and
 * translation aligned, and with Procrustes alignment (reflection not tested for, as the official evaluation); the mesh
 * likewise with F-scores at 5 and 15 mm.
 *
 * @param predicted joints `[B, 21, 3]` and perhaps vertices, metres, in the same camera axes and order as the target; HO-3D's
 *   own are OpenGL's: {@link flipCameraAxes}
 * @param target the same
 * @throws ShapeError for empty input or lengths that do not fit; OpposableError for NaN
 *
 * @example
 * const target = { xyz: Array.from({ length: 63 }, (_, i) => ((i * i) % 10) / 100) };
 * const predicted = { xyz: target.xyz.map((x) => 2 * x + 0.01) };
 * ho3dScores(predicted, target).scaleTranslationJoints.meanErrorCm.toFixed(3); // → '0.000'
 */
export function ho3dScores(predicted: FreihandHands, target: FreihandHands): Ho3dScores {
  const { joints, mesh, alignedMesh } = freihandScores(predicted, target);
  const thresholds = freihandThresholdsMm();
  const scoresOf = (points: Float64Array): Ho3dPointScores => {
    const errors = jointErrors(points, target.xyz);
    const pck = pckCurve(
      errors.map((metres) => metres * 1000),
      thresholds,
      { jointCount: 21 },
    );
    return { meanErrorCm: meanError(errors) * 100, auc: areaUnderCurve(thresholds, pck), pck };
  };
  return {
    joints,
    scaleTranslationJoints: scoresOf(alignScaleTranslation(predicted.xyz, target.xyz, 21)),
    alignedJoints: scoresOf(alignHands(predicted.xyz, target.xyz, { reflection: 'allow' })),
    mesh,
    alignedMesh,
  };
}
