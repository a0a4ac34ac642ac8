import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors, OptimizerResult, OptimizerUpdate } from './types.js';

/** Whether the active backend has a kernel of this name that can work on these tensors. */
export function hasFusedKernel(kernelName: string, tensors: readonly tf.Tensor[]): boolean {
  const backend = tf.getBackend();
  if (!backend || tf.getKernel(kernelName, backend) === undefined) return false;
  return tensors.every(({ dtype }) => dtype === 'float32');
}

/** Runs a kernel whose inputs are lists: `value0`, `gradient0`, `value1`, … */
export function runFusedKernel(
  kernelName: string,
  inputs: Readonly<Record<string, readonly tf.Tensor[]>>,
  attrs: object,
): tf.Tensor[] {
  const named: tf.NamedTensorMap = {};
  for (const [role, tensors] of Object.entries(inputs)) {
    tensors.forEach((tensor, i) => (named[`${role}${i}`] = tensor));
  }
  return tf.engine().runKernel(kernelName, named, attrs as tf.NamedAttrMap) as unknown as tf.Tensor[];
}

/**
 * One step of all variables in one kernel call, if the active backend has that kernel; undefined otherwise.
 *
 * The kernel gives, for each variable in order, its new value and its new slots.
 */
export function fusedUpdate(
  kernelName: string,
  slotNames: readonly string[],
  { variables, gradients, state }: OptimizerUpdate,
  attrs: object,
): OptimizerResult | undefined {
  const names = Object.keys(variables).filter((name) => gradients[name] !== undefined);
  const inputs: Record<string, tf.Tensor[]> = {
    value: names.map((name) => variables[name]!),
    gradient: names.map((name) => gradients[name]!),
  };
  for (const slot of slotNames) inputs[slot] = names.map((name) => state.slots[slot]![name]!);
  if (names.length === 0 || !hasFusedKernel(kernelName, Object.values(inputs).flat())) return undefined;
  const outputs = runFusedKernel(kernelName, inputs, attrs);
  const width = 1 + slotNames.length;
  const values = Object.fromEntries(names.map((name, i) => [name, outputs[i * width]!]));
  const slots: Record<string, NamedTensors> = {};
  slotNames.forEach((slot, k) => {
    const updated = new Map(names.map((name, i) => [name, outputs[i * width + k + 1]!]));
    slots[slot] = Object.fromEntries(
      Object.keys(variables).map((name) => [name, updated.get(name) ?? tf.clone(state.slots[slot]![name]!)]),
    );
  });
  return { values, state: { step: state.step + 1, slots } };
}
