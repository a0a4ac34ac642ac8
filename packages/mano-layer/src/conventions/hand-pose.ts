import type { FloatArray } from '@opposable/skinning/host';
import { ConfigError, ShapeError } from '@opposable/tensor-checks';
import type { ManoModel } from '../types.js';
import { type OrthogonalRows, orthogonalRows, solveByOrthogonalRows } from './solve-by-orthogonal-rows.js';
import { HAND_POSE_COUNT } from './validate-mano-model.js';

export interface HandPoseOptions {
  /** false: the mean pose is part of the axis-angle numbers; true: it is not. No default, as in `ManoLayerOptions`. */
  readonly flatHandMean: boolean;
}

function assertComponents(model: ManoModel, count: number, operation: string): void {
  const most = model.handsComponents.length / HAND_POSE_COUNT;
  if (Number.isInteger(count) && count >= 1 && count <= most) return;
  throw new ConfigError(`${operation}: expected 1 to ${most} pose components, got ${count}.`, {
    expected: [1, most],
    actual: count,
  });
}

/**
 * Axis-angle numbers of pose coefficients.
 *
 * pose = Σ_k coefficients_k · handsComponents[k] (+ handsMean unless `flatHandMean`).
 *
 * @param model a hand
 * @param coefficients [n] for the first n components, n from 1 to the model's number of components
 * @returns [45] axis-angle numbers of the 15 finger joints, radians
 * @throws ConfigError if there are no or too many coefficients
 */
export function coefficientsToHandPose(
  model: ManoModel,
  coefficients: ArrayLike<number>,
  { flatHandMean }: HandPoseOptions,
): Float64Array {
  assertComponents(model, coefficients.length, 'coefficientsToHandPose');
  const pose = flatHandMean ? new Float64Array(HAND_POSE_COUNT) : Float64Array.from(model.handsMean);
  for (let n = 0; n < coefficients.length; n++) {
    const coefficient = coefficients[n]!;
    if (coefficient === 0) continue;
    for (let k = 0; k < HAND_POSE_COUNT; k++) {
      pose[k]! += coefficient * model.handsComponents[n * HAND_POSE_COUNT + k]!;
    }
  }
  return pose;
}

const bases = new WeakMap<FloatArray, Map<number, OrthogonalRows>>();

/** The first `count` components, ready to be solved for; made once per model. */
function basisOf(components: FloatArray, count: number): OrthogonalRows {
  const known = bases.get(components) ?? new Map<number, OrthogonalRows>();
  bases.set(components, known);
  const basis =
    known.get(count) ??
    orthogonalRows(
      Array.from({ length: count }, (_, n) =>
        Float64Array.from(components.subarray(n * HAND_POSE_COUNT, (n + 1) * HAND_POSE_COUNT)),
      ),
      'handPoseToCoefficients: pose component',
    );
  known.set(count, basis);
  return basis;
}

/**
 * The coefficients of the first n components that come nearest to a pose (least squares; exact for n = 45 if the
 * components are independent). The components need not be orthonormal.
 *
 * @param model a hand
 * @param pose [45] axis-angle numbers, radians
 * @param count n, the number of coefficients
 * @returns [n] coefficients
 * @throws ShapeError if the pose does not have 45 numbers; ConfigError if n is not usable or components are dependent
 */
export function handPoseToCoefficients(
  model: ManoModel,
  pose: ArrayLike<number>,
  count: number,
  { flatHandMean }: HandPoseOptions,
): Float64Array {
  assertComponents(model, count, 'handPoseToCoefficients');
  if (pose.length !== HAND_POSE_COUNT) {
    throw new ShapeError(`handPoseToCoefficients: expected a pose of ${HAND_POSE_COUNT} numbers, got ${pose.length}.`, {
      expected: [HAND_POSE_COUNT],
      actual: [pose.length],
    });
  }
  const residual = Float64Array.from({ length: HAND_POSE_COUNT }, (_, k) =>
    flatHandMean ? pose[k]! : pose[k]! - model.handsMean[k]!,
  );
  return solveByOrthogonalRows(basisOf(model.handsComponents, count), residual);
}
