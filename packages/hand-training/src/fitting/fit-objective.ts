import * as tf from '@tensorflow/tfjs-core';
import { projectPerspective } from '@opposable/geometry';
import { keypoint2dLoss, keypoint3dLoss, parameterRegularization } from '@opposable/losses';
import type { ManoLayer } from '@opposable/mano-layer';
import type { Loss } from '@opposable/training';
import type { FitTargets, FitWeights } from './types.js';

/** {@link FitTargets} as tensors. */
export interface FitTargetTensors {
  /** [N, 21, 3] millimetres */
  readonly keypoints3d: tf.Tensor3D;
  /** [N, 21, 2] pixels */
  readonly keypoints: tf.Tensor3D;
  /** [N, 21] 0 or 1 */
  readonly visibility: tf.Tensor2D;
  /** [N, 3, 3] pixels */
  readonly intrinsics: tf.Tensor3D;
  /** [N] ones */
  readonly valid: tf.Tensor1D;
  /** [N] fx in pixels */
  readonly focal: tf.Tensor1D;
  /** [N] pixels per metre at the mean depth of the target, 1000·fx/z̄ */
  readonly scale: tf.Tensor1D;
}

/** What is varied. `shift` is `transl` measured from the start, in units that fit one step: see {@link translOf}. */
export interface FitVariables {
  /** [N, 3] radians */
  readonly globalOrient: tf.Tensor2D;
  /** [N, 3] */
  readonly shift: tf.Tensor2D;
  /** [N, P] */
  readonly handPose: tf.Tensor2D;
  /** [N, S] */
  readonly betas: tf.Tensor2D;
}

/** Metres per unit of `shift`: a step of it moves the hand about as far as the same step of a rotation moves the tips. */
const SHIFT_UNIT = 0.1;

/** [N, 3] metres: start + 0.1 · shift. */
export function translOf(start: tf.Tensor2D, shift: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.add<tf.Tensor2D>(start, tf.mul(shift, SHIFT_UNIT)));
}

/** The caller disposes of them. */
export function fitTargetTensors(targets: FitTargets, count: number): FitTargetTensors {
  const focal = Float32Array.from({ length: count }, (_, n) => targets.intrinsics[n * 9]!);
  const scale = focal.map((fx, n) => {
    let depth = 0;
    for (let k = 0; k < 21; k++) depth += targets.keypoints3d[(n * 21 + k) * 3 + 2]! / 21;
    return (1000 * fx) / depth;
  });
  return {
    keypoints3d: tf.tensor3d(Float32Array.from(targets.keypoints3d), [count, 21, 3]),
    keypoints: tf.tensor3d(Float32Array.from(targets.keypoints), [count, 21, 2]),
    visibility: tf.tensor2d(
      Float32Array.from(targets.visibility, (flag) => (flag === 0 ? 0 : 1)),
      [count, 21],
    ),
    intrinsics: tf.tensor3d(Float32Array.from(targets.intrinsics), [count, 3, 3]),
    valid: tf.ones([count]),
    focal: tf.tensor1d(focal),
    scale: tf.tensor1d(scale),
  };
}

/**
 * How far posed hands are from their targets, see `fitHands` for the formula.
 *
 * @param layer metres, 'panoptic' order, coefficients of the pose
 * @param start [N, 3] metres, what `shift` is measured from
 * @returns total, and the parts before their weights: square pixels, square millimetres, square coefficients
 */
export function fitObjective(
  layer: ManoLayer,
  targets: FitTargetTensors,
  start: tf.Tensor2D,
  variables: FitVariables,
  weights: FitWeights,
): Loss & { terms: Record<'pixels2' | 'millimetres2' | 'coefficients2', tf.Scalar> } {
  const { globalOrient, shift, handPose, betas } = variables;
  const { keypoints } = layer.forward(
    { globalOrient, handPose, betas, transl: translOf(start, shift) },
    { vertices: false },
  );
  const pixels2 = keypoint2dLoss(
    {
      predicted: projectPerspective(keypoints, targets.intrinsics),
      target: targets.keypoints,
      visibility: targets.visibility,
    },
    { penalty: 'l2' },
  );
  const { keypoints3d: target, valid, focal, scale } = targets;
  const metres2 = keypoint3dLoss({ predicted: keypoints, target, valid, focal, scale }, { variant: 'perspective' });
  const millimetres2 = tf.mul<tf.Scalar>(metres2, 1e6);
  // Sums over the coefficients of a hand: one coefficient weighs the same whatever their number.
  const poseCount = handPose.shape[1];
  const coefficients2 = tf.mul<tf.Scalar>(
    parameterRegularization({ pose: handPose, betas }, { betaWeight: betas.shape[1] / poseCount }),
    poseCount,
  );
  const total = tf.addN<tf.Scalar>([
    tf.mul(pixels2, weights.keypoints2d),
    tf.mul(millimetres2, weights.keypoints3d),
    tf.mul(coefficients2, weights.coefficients),
  ]);
  return { total, terms: { pixels2, millimetres2, coefficients2 } };
}
