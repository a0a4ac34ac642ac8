import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';
import { bilinearSample } from './bilinear-sample.js';
import { isSet, keepWhere, meanOver } from './valid-samples.js';

export interface MaskLossInputs {
  /** [B, V, 2] projected vertices in pixels of the mask, x then y, pixel centres at integers. */
  vertices: tf.Tensor;
  /** [B, H, W], 1 on the hand and 0 elsewhere; float32, int32 or bool. */
  masks: tf.Tensor;
  /** [B]; samples with a flag above 0 count. */
  valid: tf.Tensor;
}

/**
 * The part of the projected vertices that falls outside the hand's mask.
 *
 * L = 1 − mean over valid samples and vertices of bilinear(mask, vertex), vertices first clamped to the image; 0 if no
 * sample is valid. The gradient differs from zero only within one pixel of the mask's outline, and is zero for vertices
 * that were clamped. No gradient goes to the masks, none through samples that are not valid, whatever they contain.
 *
 * @param inputs vertices [B, V, 2], masks [B, H, W], valid [B]
 * @returns scalar in [0, 1]
 * @throws ShapeError if a shape does not fit
 */
export function maskLoss(inputs: MaskLossInputs): tf.Scalar {
  const { vertices, masks, valid } = inputs;
  const sizes = assertShape(vertices, ['B', 'V', 2], 'maskLoss', 'vertices');
  assertShape(masks, ['B', 'H', 'W'], 'maskLoss', 'masks', sizes);
  assertShape(valid, ['B'], 'maskLoss', 'valid', sizes);
  return tf.tidy(() => {
    const chosen = isSet(valid);
    const covered = bilinearSample(tf.expandDims(masks, 3), keepWhere(chosen, vertices, 0) as tf.Tensor3D, {
      paddingMode: 'border',
      imageGradient: false,
      chosen,
    }); // [B, V, 1]
    return meanOver(chosen, tf.sub(1, tf.mean(covered, [1, 2])));
  });
}
