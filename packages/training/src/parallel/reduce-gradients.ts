import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../optimizers/types.js';
import type { AllReduceMember } from './all-reduce.js';

/** How many numbers the gradients of these variables hold together. */
export function gradientLength(variables: NamedTensors): number {
  return Object.values(variables).reduce((sum, variable) => sum + variable.size, 0);
}

/**
 * The mean of the gradients over all members of a group, for `reduceGradients` of `fit`.
 *
 * Every member trains a replica: the same variables, the same optimiser, its own part of each batch. Since all apply the
 * same mean, the replicas stay equal bit by bit, and no weights have to be sent.
 *
 * @param member of a group with room for {@link gradientLength} numbers
 */
export function meanGradients(member: AllReduceMember): (gradients: NamedTensors) => Promise<NamedTensors> {
  return async (gradients) => {
    const entries = Object.entries(gradients).sort(([a], [b]) => (a < b ? -1 : 1));
    const flat = new Float32Array(gradientLength(gradients));
    let start = 0;
    for (const [, gradient] of entries) {
      flat.set(await gradient.data<'float32'>(), start);
      start += gradient.size;
    }
    member.mean(flat);
    start = 0;
    return Object.fromEntries(
      entries.map(([name, gradient]) => {
        const values = flat.slice(start, start + gradient.size);
        start += gradient.size;
        return [name, tf.tensor(values, gradient.shape)];
      }),
    );
  };
}
