import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors, OptimizerState } from './types.js';

/** Frees the tensors of a state that is no longer needed. */
export function disposeOptimizerState(state: OptimizerState): void {
  tf.dispose(Object.values(state.slots).flatMap((slot) => Object.values(slot)));
}

/** Zeros like every variable. */
export function zerosFor(variables: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, tf.zerosLike(value)]));
}

/** Runs a step of every variable in its own `tf.tidy`; variables without a gradient keep their slots. */
export function updateEach<Slot extends string>(
  slotNames: readonly Slot[],
  step: number,
  { variables, gradients, state }: { variables: NamedTensors; gradients: NamedTensors; state: OptimizerState },
  rule: (
    value: tf.Tensor,
    gradient: tf.Tensor,
    slots: Record<Slot, tf.Tensor>,
  ) => { value: tf.Tensor } & Record<Slot, tf.Tensor>,
): { values: NamedTensors; state: OptimizerState } {
  const values: Record<string, tf.Tensor> = {};
  const slots: Record<string, Record<string, tf.Tensor>> = Object.fromEntries(slotNames.map((slot) => [slot, {}]));
  for (const [name, value] of Object.entries(variables)) {
    const gradient = gradients[name];
    const old = Object.fromEntries(slotNames.map((slot) => [slot, state.slots[slot]![name]!])) as Record<
      Slot,
      tf.Tensor
    >;
    if (gradient === undefined) {
      for (const slot of slotNames) slots[slot]![name] = tf.clone(old[slot]);
      continue;
    }
    const next = tf.tidy(() => rule(value, gradient, old));
    values[name] = next.value;
    for (const slot of slotNames) slots[slot]![name] = next[slot];
  }
  return { values, state: { step, slots } };
}
