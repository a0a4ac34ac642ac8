import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';
import { fusedUpdate, fusedUpdateInPlace } from './fused-update.js';
import { updateEach, zerosFor } from './optimizer-state.js';
import type { Optimizer, OptimizerState, OptimizerUpdate } from './types.js';

const KERNEL = 'OpposableSgd';

export interface SgdOptions {
  /** μ. Default 0: no velocity is kept. */
  momentum?: number;
  /** λ of the classic L2 weight decay: λ·p joins the gradient. Default 0. */
  weightDecay?: number;
}

/**
 * Stochastic gradient descent: u ← μ·u + g + λ·p, p ← p − η·u (PyTorch's form, without dampening).
 *
 * Slots: `velocity` if μ > 0.
 *
 * @throws ConfigError if μ is outside [0, 1) or λ is negative
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { momentum = 0, weightDecay = 0 } = options;
  if (!(momentum >= 0 && momentum < 1)) {
    throw new ConfigError(`sgd: expected momentum in [0, 1), got ${momentum}.`, {
      expected: '[0, 1)',
      actual: momentum,
    });
  }
  if (!(weightDecay >= 0)) {
    throw new ConfigError(`sgd: expected weightDecay at least 0, got ${weightDecay}.`, {
      expected: 'at least 0',
      actual: weightDecay,
    });
  }
  const decayed = (value: tf.Tensor, gradient: tf.Tensor) =>
    weightDecay > 0 ? tf.add(gradient, tf.mul(value, weightDecay)) : gradient;
  const slotNames = momentum > 0 ? (['velocity'] as const) : [];
  const attrsOf = ({ learningRate }: OptimizerUpdate) => ({ rate: learningRate, momentum, l2: weightDecay, keep: 1 });
  return {
    name: 'sgd',
    init(variables): OptimizerState {
      return { step: 0, slots: momentum > 0 ? { velocity: zerosFor(variables) } : {} };
    },
    update(update) {
      const step = update.state.step + 1;
      const fused = fusedUpdate(KERNEL, slotNames, update, attrsOf(update));
      if (fused !== undefined) return fused;
      if (momentum === 0) {
        return updateEach([], step, update, (value, gradient) => ({
          value: tf.sub(value, tf.mul(decayed(value, gradient), update.learningRate)),
        }));
      }
      return updateEach(['velocity'], step, update, (value, gradient, slots) => {
        const velocity = tf.add(tf.mul(slots.velocity, momentum), decayed(value, gradient));
        return { value: tf.sub(value, tf.mul(velocity, update.learningRate)), velocity };
      });
    },
    updateInPlace: (update) => fusedUpdateInPlace(KERNEL, slotNames, update, attrsOf(update)),
  };
}
