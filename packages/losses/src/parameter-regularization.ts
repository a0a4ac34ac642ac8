import * as tf from '@tensorflow/tfjs-core';

export interface RegularizedParameters {
  /** Pose coefficients θ of any shape, usually [B, 6]. */
  pose: tf.Tensor;
  /** Shape coefficients β of any shape, usually [B, 10]. */
  betas: tf.Tensor;
}

export interface ParameterRegularizationOptions {
  /** Weight of the shape term, default 1e4 as in 3dhand. */
  betaWeight?: number;
}

/**
 * Keeps pose and shape coefficients near zero: mean(θ²) + w·mean(β²).
 *
 * @param parameters pose and betas, any shapes that are not empty
 * @param options `betaWeight` w, default 1e4
 * @returns scalar
 */
export function parameterRegularization(
  parameters: RegularizedParameters,
  options: ParameterRegularizationOptions = {},
): tf.Scalar {
  const { betaWeight = 1e4 } = options;
  const { pose, betas } = parameters;
  return tf.tidy(() => tf.add<tf.Scalar>(tf.mean(tf.square(pose)), tf.mul(tf.mean(tf.square(betas)), betaWeight)));
}
