import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { blockMse, type LossBlock } from '@opposable/losses';
import { HAND_PARAMETER_BLOCKS, type HandParameterBlock } from '@opposable/mano-layer/conventions';
import type { ManoModel } from '@opposable/mano-layer';
import type { HandBatch } from '../data/batches.js';

/** Weight of the mean squared error of each block of the 22 numbers. */
export type PretrainWeights = Record<HandParameterBlock, number>;

/** The weights of the reproduction of 3dhand, for MANO's coefficients (β of about 0.03). */
export const PRETRAIN_WEIGHTS: PretrainWeights = {
  scale: 0.1,
  translation: 0.2,
  rotation: 5000,
  pose: 1000,
  betas: 100_000,
};

/** A total to descend on, and its parts to look at, none of them weighted. */
export interface LossTerms {
  total: tf.Scalar;
  terms: Record<string, tf.Scalar>;
}

export interface PretrainLossOptions {
  /**
   * What the error of the pose is measured in. 'coefficients' (as in 3dhand): all six alike. 'angles': coefficient i
   * times the squared length of pose component i, so that equal errors of the joints' angles weigh the same.
   */
  poseMetric?: 'coefficients' | 'angles';
}

/** [6] squared lengths of the hand's first pose components, rad² per squared coefficient. */
function componentEnergies(hand: ManoModel, count: number): number[] {
  const width = hand.handsMean.length;
  const squared = (i: number): number => {
    let sum = 0;
    for (let k = i * width; k < (i + 1) * width; k++) sum += hand.handsComponents[k]! ** 2;
    return sum;
  };
  return Array.from({ length: count }, (_, i) => squared(i));
}

function blocksOf(weights: PretrainWeights, energies: readonly number[] | undefined): LossBlock[] {
  return (Object.keys(HAND_PARAMETER_BLOCKS) as HandParameterBlock[]).flatMap((name): LossBlock[] => {
    const [start, end] = HAND_PARAMETER_BLOCKS[name];
    const weight = weights[name];
    if (name !== 'pose' || energies === undefined) return [{ start, end, weight }];
    return energies.map((energy, i) => ({
      start: start + i,
      end: start + i + 1,
      weight: (weight * energy) / energies.length,
    }));
  });
}

/**
 * L2 on the 22 numbers: Σ weight · MSE(block), the terms being the MSE of each block. The caller disposes the result.
 *
 * @param hand whose pose components the coefficients belong to
 */
export function pretrainLoss(
  model: LayersModel,
  hand: ManoModel,
  batch: HandBatch,
  weights: PretrainWeights,
  options: PretrainLossOptions = {},
): LossTerms {
  const [poseStart, poseEnd] = HAND_PARAMETER_BLOCKS.pose;
  const energies = options.poseMetric === 'angles' ? componentEnergies(hand, poseEnd - poseStart) : undefined;
  const predicted = model.apply(batch.images, { training: true }) as tf.Tensor2D;
  const { total } = blockMse(predicted, batch.handParameters, blocksOf(weights, energies));
  const { terms } = blockMse(predicted, batch.handParameters, blocksOf(weights, undefined));
  const names = Object.keys(HAND_PARAMETER_BLOCKS);
  const parts = tf.unstack(terms);
  return { total, terms: Object.fromEntries(names.map((name, i) => [name, parts[i] as tf.Scalar])) };
}
