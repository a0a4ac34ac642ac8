import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';
import { fusedUpdate, fusedUpdateInPlace } from './fused-update.js';
import { updateEach, zerosFor } from './optimizer-state.js';
import type { Optimizer, OptimizerUpdate } from './types.js';

const KERNEL = 'OpposableAdam';

export interface AdamOptions {
  /** Decay of the first moment. Default 0.9. */
  beta1?: number;
  /** Decay of the second moment. Default 0.999. */
  beta2?: number;
  /** Added to the root of the second moment. Default 1e-8. */
  epsilon?: number;
  /** λ. Default 0. */
  weightDecay?: number;
  /** `true` (AdamW): p ← p·(1 − η·λ) beside the step. `false` (classic L2): λ·p joins the gradient. Default `false`. */
  decoupled?: boolean;
}

/**
 * Adam, with weight decay in the classic form (as in PyTorch's `Adam`) or decoupled (`AdamW`).
 *
 * m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g²,
 * p ← p − η · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)
 *
 * Slots: `firstMoment`, `secondMoment`. One kernel a step, in place if asked, where the backend has `OpposableAdam` (see
 * `@opposable/wasm-training`), else twelve per variable, fourteen with weight decay.
 *
 * @throws ConfigError if a decay is outside [0, 1), ε is not positive or λ is negative
 *
 * References: Kingma & Ba 2015; Loshchilov & Hutter 2019.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, decoupled = false } = options;
  for (const [name, value] of Object.entries({ beta1, beta2 })) {
    if (!(value >= 0 && value < 1)) fail(name, 'in [0, 1)', value);
  }
  if (!(epsilon > 0)) fail('epsilon', 'above 0', epsilon);
  if (!(weightDecay >= 0)) fail('weightDecay', 'at least 0', weightDecay);
  const slots = ['firstMoment', 'secondMoment'] as const;
  const attrsOf = ({ state, learningRate }: OptimizerUpdate) => {
    const step = state.step + 1;
    const correction2 = Math.sqrt(1 - beta2 ** step);
    return {
      rate: (learningRate * correction2) / (1 - beta1 ** step),
      beta1,
      beta2,
      epsilon: epsilon * correction2,
      l2: decoupled ? 0 : weightDecay,
      keep: decoupled ? 1 - learningRate * weightDecay : 1,
    };
  };
  return {
    name: decoupled ? 'adamw' : 'adam',
    init: (variables) => ({
      step: 0,
      slots: { firstMoment: zerosFor(variables), secondMoment: zerosFor(variables) },
    }),
    update(update) {
      const attrs = attrsOf(update);
      const fused = fusedUpdate(KERNEL, slots, update, attrs);
      if (fused !== undefined) return fused;
      return updateEach(slots, update.state.step + 1, update, (value, gradient, old) => {
        const g = weightDecay > 0 && !decoupled ? tf.add(gradient, tf.mul(value, weightDecay)) : gradient;
        const firstMoment = tf.add(tf.mul(old.firstMoment, beta1), tf.mul(g, 1 - beta1));
        const secondMoment = tf.add(tf.mul(old.secondMoment, beta2), tf.mul(tf.square(g), 1 - beta2));
        const change = tf.mul(tf.div(firstMoment, tf.add(tf.sqrt(secondMoment), attrs.epsilon)), attrs.rate);
        const kept = attrs.keep === 1 ? value : tf.mul(value, attrs.keep);
        return { value: tf.sub(kept, change), firstMoment, secondMoment };
      });
    },
    updateInPlace: (update) => fusedUpdateInPlace(KERNEL, slots, update, attrsOf(update)),
  };
}

function fail(name: string, accepted: string, actual: number): never {
  throw new ConfigError(`adam: expected ${name} ${accepted}, got ${actual}.`, { expected: accepted, actual });
}
