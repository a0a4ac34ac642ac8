import * as tf from '@tensorflow/tfjs-core';
import { blockMse, type LossBlock, rotationLoss } from '@opposable/losses';
import { HAND_PARAMETER_BLOCKS, type HandParameterBlock } from '@opposable/mano-layer/conventions';
import type { ManoModel } from '@opposable/mano-layer';

/** Weight of the mean squared error of each block of the 22 numbers. */
export type ParameterWeights = Record<HandParameterBlock, number>;

/** A total to descend on, and its parts to look at, none of them weighted. */
export interface LossTerms {
  total: tf.Scalar;
  terms: Record<string, tf.Scalar>;
}

export interface ParameterMetrics {
  /**
   * What the error of the pose is measured in. 'coefficients' (as in 3dhand): all six alike. 'angles': coefficient i
   * times the squared length of pose component i, so that equal errors of the joints' angles weigh the same.
   */
  poseMetric?: 'coefficients' | 'angles';
  /**
   * What the error of the global rotation is measured in. 'vectors' (as in 3dhand): the mean squared error of the axis-angle
   * vectors, which jumps at half a turn. 'chordal': `rotationLoss`, the same for small errors.
   */
  rotationMetric?: 'vectors' | 'chordal' | undefined;
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

function blocksOf(weights: ParameterWeights, energies: readonly number[] | undefined): LossBlock[] {
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

function rotationError(predicted: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar {
  const [start, end] = HAND_PARAMETER_BLOCKS.rotation;
  const [a, b] = [predicted, target].map((each) => tf.slice(each, [0, start], [-1, end - start]));
  return rotationLoss(a!, b!);
}

/**
 * L2 on the 22 numbers: Σ weight · MSE(block), the terms being the MSE of each block, or that of the rotation as `rotationMetric`
 * has it. The caller disposes the result.
 *
 * @param predicted [B, 22]
 * @param target [B, 22]
 * @param hand whose pose components the coefficients belong to
 */
export function parameterErrors(
  predicted: tf.Tensor2D,
  target: tf.Tensor2D,
  hand: ManoModel,
  weights: ParameterWeights,
  options: ParameterMetrics = {},
): LossTerms {
  const [poseStart, poseEnd] = HAND_PARAMETER_BLOCKS.pose;
  const energies = options.poseMetric === 'angles' ? componentEnergies(hand, poseEnd - poseStart) : undefined;
  const isChordal = options.rotationMetric === 'chordal';
  const blocks = blocksOf(isChordal ? { ...weights, rotation: 0 } : weights, energies);
  const squares = blockMse(predicted, target, blocks).total;
  const rotation = isChordal ? rotationError(predicted, target) : undefined;
  const total = rotation === undefined ? squares : tf.add<tf.Scalar>(squares, tf.mul(rotation, weights.rotation));
  const { terms } = blockMse(predicted, target, blocksOf(weights, undefined));
  const names = Object.keys(HAND_PARAMETER_BLOCKS);
  const parts = tf.unstack(terms);
  const errors = Object.fromEntries(names.map((name, i) => [name, parts[i] as tf.Scalar]));
  if (rotation === undefined) return { total, terms: errors };
  errors['rotation']?.dispose();
  return { total, terms: { ...errors, rotation } };
}
