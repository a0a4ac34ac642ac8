import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors, OptimizerResult, OptimizerState, OptimizerUpdate } from './types.js';

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

/** Whether nothing but this tensor uses its memory. */
export function isAlone({ dataId }: tf.Tensor): boolean {
  return tf.backend().refCount(dataId) === 1;
}

/** What a step reads, as the inputs of a kernel; undefined if the active backend lacks it. */
function inputsOf(kernelName: string, slotNames: readonly string[], { variables, gradients, state }: OptimizerUpdate) {
  const names = Object.keys(variables).filter((name) => gradients[name] !== undefined);
  const written: Record<string, tf.Tensor[]> = { value: names.map((name) => variables[name]!) };
  for (const slot of slotNames) written[slot] = names.map((name) => state.slots[slot]![name]!);
  const inputs = { ...written, gradient: names.map((name) => gradients[name]!) };
  if (names.length === 0 || !hasFusedKernel(kernelName, Object.values(inputs).flat())) return undefined;
  return { names, written, inputs };
}

/**
 * One step of all variables in one kernel call, if the active backend has that kernel; undefined otherwise.
 *
 * The kernel gives, for each variable in order, its new value and its new slots.
 */
export function fusedUpdate(
  kernelName: string,
  slotNames: readonly string[],
  update: OptimizerUpdate,
  attrs: object,
): OptimizerResult | undefined {
  const found = inputsOf(kernelName, slotNames, update);
  if (found === undefined) return undefined;
  const { names, inputs } = found;
  const { variables, state } = update;
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

/** The same where the tensors lie, if they share their memory with no others. */
export function fusedUpdateInPlace(
  kernelName: string,
  slotNames: readonly string[],
  update: OptimizerUpdate,
  attrs: object,
): OptimizerState | undefined {
  const found = inputsOf(kernelName, slotNames, update);
  if (found === undefined || !Object.values(found.written).flat().every(isAlone)) return undefined;
  runFusedKernel(kernelName, found.inputs, { ...attrs, inPlace: true });
  return { step: update.state.step + 1, slots: update.state.slots };
}
