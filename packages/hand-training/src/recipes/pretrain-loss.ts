import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ManoModel } from '@opposable/mano-layer';
import { applyNetwork } from '../data/apply-network.js';
import type { HandBatch } from '../data/batches.js';
import { type LossTerms, parameterErrors, type ParameterMetrics, type ParameterWeights } from './parameter-errors.js';

/** The weights of the reproduction of 3dhand, for MANO's coefficients (β of about 0.03). */
export const PRETRAIN_WEIGHTS: ParameterWeights = {
  scale: 0.1,
  translation: 0.2,
  rotation: 5000,
  pose: 1000,
  betas: 100_000,
};

/**
 * The loss of the first stage on one batch: L2 on the 22 numbers, as {@link parameterErrors} has it. The caller disposes the result.
 *
 * @param hand whose pose components the coefficients belong to
 */
export function pretrainLoss(
  model: LayersModel,
  hand: ManoModel,
  batch: HandBatch,
  weights: ParameterWeights,
  options: ParameterMetrics = {},
): LossTerms {
  const predicted = applyNetwork(model, batch.images, { training: true });
  return parameterErrors(predicted, batch.handParameters, hand, weights, options);
}
