import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { decodeHandParameters } from '@opposable/hand-regressor';
import {
  keypoint2dLoss,
  keypoint3dLoss,
  type Keypoint3dOptions,
  maskLoss,
  parameterRegularization,
} from '@opposable/losses';
import type { ManoLayer, ManoModel } from '@opposable/mano-layer';
import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { ConfigError } from '@opposable/tensor-checks';
import { applyNetwork } from '../data/apply-network.js';
import type { HandBatch } from '../data/batches.js';
import { type LossTerms, parameterErrors, type ParameterMetrics, type ParameterWeights } from './parameter-errors.js';

/** L = w2d·L2D + w3d·L3D + wmask·Lmask + wreg·Lreg, and the errors of the 22 numbers where asked for. A term with weight 0 is not computed. */
export interface TrainWeights {
  /** of the mean absolute error in pixels of the 256 frame */
  keypoints2d: number;
  /** of the mean squared error in m² ('perspective') or without unit */
  keypoints3d: number;
  /** of the part of the vertices outside the mask */
  mask: number;
  /** of mean(θ²) + betaWeight · mean(β²) */
  regularization: number;
}

/** The weights of the reproduction of 3dhand for the perspective variant. */
export const TRAIN_WEIGHTS: TrainWeights = { keypoints2d: 4, keypoints3d: 100_000, mask: 10, regularization: 10 };

/** What the original does otherwise in the perspective 3D term, where the default is the consistent form. */
export interface Original3d {
  /** x and y of the targets times the resize of the crop, z not. */
  readonly resizedXy?: boolean | undefined;
  /** One focal length for all samples, in pixels of the uncropped image; the original has 822.79041. */
  readonly focal?: number | undefined;
}

export interface TrainLossOptions {
  original3d?: Original3d | undefined;
  variant?: NonNullable<Keypoint3dOptions['variant']>;
  /** Factor of mean(β²) within the regularisation; 10⁴ suits MANO's scale of β, 1 suits coefficients of unit deviation. */
  betaWeight?: number;
  /** Errors of the 22 numbers themselves, as in pretraining, over the samples that have them. Default none. */
  parameters?: (ParameterMetrics & { weights: ParameterWeights }) | undefined;
}

/** Pixels of the 256 frame → pixels of a mask of side M, pixel centres at integers: u' = (u + ½)·M/256 − ½. */
function toMaskPixels(points: tf.Tensor3D, maskSize: number): tf.Tensor3D {
  const factor = maskSize / HAND_PARAMETER_FRAME;
  return tf.add(tf.mul(points, factor), 0.5 * factor - 0.5);
}

/** {@link parameterErrors} over the samples that have the numbers: 0 stands for both where they are not known. */
function errorsOfKnown(
  parameters: tf.Tensor2D,
  batch: HandBatch,
  hand: ManoModel,
  { weights, ...metrics }: NonNullable<TrainLossOptions['parameters']>,
): LossTerms {
  const valid = tf.expandDims(batch.handParametersValid, 1);
  const [predicted, target] = [parameters, batch.handParameters].map((all) => tf.mul<tf.Tensor2D>(all, valid));
  const { total, terms } = parameterErrors(predicted!, target!, hand, weights, metrics);
  const share = tf.maximum(tf.mean(valid), 1 / batch.size);
  const perKnown = (mean: tf.Scalar): tf.Scalar => tf.div(mean, share);
  const means = Object.entries(terms).map(([name, mean]) => [name, perKnown(mean)] as const);
  return { total: perKnown(total), terms: Object.fromEntries(means) };
}

/**
 * The loss of the main stage on one batch; the caller disposes the result.
 *
 * @throws ConfigError if every weight is 0
 */
export function trainLoss(
  model: LayersModel,
  layer: ManoLayer,
  batch: HandBatch,
  weights: TrainWeights,
  options: TrainLossOptions = {},
): LossTerms {
  const { variant = 'perspective', betaWeight = 10_000, original3d = {} } = options;
  const all = Object.values<number>({ ...weights, ...options.parameters?.weights });
  if (!all.some((weight) => weight !== 0)) {
    throw new ConfigError('trainLoss: expected at least one weight above 0, got none.', {
      expected: '> 0',
      actual: weights,
    });
  }
  const parameters = applyNetwork(model, batch.images, { training: true });
  const hand = decodeHandParameters(layer, parameters, { vertices: weights.mask > 0 });
  const terms: Record<string, tf.Scalar> = {};
  const total: tf.Scalar[] = [];
  const take = (name: keyof TrainWeights, compute: () => tf.Scalar): void => {
    if (weights[name] === 0) return;
    terms[name] = compute();
    total.push(tf.mul(terms[name], weights[name]));
  };
  take('keypoints2d', () =>
    keypoint2dLoss({ predicted: hand.keypoints2d, target: batch.keypoints, visibility: batch.visibility }),
  );
  take('keypoints3d', () =>
    keypoint3dLoss(
      {
        predicted: hand.keypoints3d,
        target: batch.keypoints3d,
        valid: batch.valid3d,
        focal: original3d.focal ?? batch.focal,
        scale: hand.scale,
        resize: batch.resize,
      },
      { variant, targetAxes: original3d.resizedXy === true ? 'resized-xy' : 'isotropic' },
    ),
  );
  take('mask', () =>
    maskLoss({
      vertices: toMaskPixels(hand.vertices2d!, batch.masks.shape[1]),
      masks: batch.masks,
      valid: batch.maskValid,
    }),
  );
  take('regularization', () => parameterRegularization({ pose: hand.pose, betas: hand.betas }, { betaWeight }));
  if (options.parameters !== undefined) {
    const errors = errorsOfKnown(parameters, batch, layer.model, options.parameters);
    Object.assign(terms, errors.terms);
    total.push(errors.total);
  }
  return { total: tf.addN(total), terms };
}
