import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '@opposable/tensor-checks';
import type { NamedVariables, OptimizerState } from './optimizers/types.js';

/** A tensor on the host. */
export interface StoredTensor {
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

export type StoredTensors = Readonly<Record<string, StoredTensor>>;

/** An {@link OptimizerState} on the host. */
export interface StoredOptimizerState {
  readonly step: number;
  readonly slots: Readonly<Record<string, StoredTensors>>;
}

/** Copies tensors to the host, without stalling a GPU. */
export async function storeTensors(tensors: Readonly<Record<string, tf.Tensor>>): Promise<StoredTensors> {
  const entries = Object.entries(tensors).map(async ([name, tensor]) => {
    const data: StoredTensor['data'] = await tensor.data<'float32' | 'int32' | 'bool'>();
    return [name, { dtype: tensor.dtype as StoredTensor['dtype'], shape: tensor.shape, data }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

export async function storeOptimizerState(state: OptimizerState): Promise<StoredOptimizerState> {
  const slots = Object.entries(state.slots).map(
    async ([slot, tensors]) => [slot, await storeTensors(tensors)] as const,
  );
  return { step: state.step, slots: Object.fromEntries(await Promise.all(slots)) };
}

/** The stored tensors on the active backend, owned by the caller. */
function toTensors(stored: StoredTensors): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(stored).map(([name, { data, shape, dtype }]) => [name, tf.tensor(data, [...shape], dtype)]),
  );
}

/** The stored state on the active backend; its tensors are the caller's. */
export function restoreOptimizerState(stored: StoredOptimizerState): OptimizerState {
  const slots = Object.entries(stored.slots).map(([slot, tensors]) => [slot, toTensors(tensors)] as const);
  return { step: stored.step, slots: Object.fromEntries(slots) };
}

/**
 * Writes stored values into variables of the same names.
 *
 * @throws ShapeError if a variable is missing in `stored` or has another shape there; nothing is written then
 */
export function restoreVariables(variables: NamedVariables, stored: StoredTensors): void {
  for (const [name, variable] of Object.entries(variables)) {
    const found = stored[name];
    if (found !== undefined && tf.util.arraysEqual([...found.shape], variable.shape) && found.dtype === variable.dtype)
      continue;
    const what = found === undefined ? 'nothing of that name' : `${found.dtype} [${found.shape.join(', ')}]`;
    throw new ShapeError(
      `restoreVariables: expected "${name}" to be ${variable.dtype} [${variable.shape.join(', ')}], got ${what}.`,
      { expected: variable.shape, actual: found?.shape },
    );
  }
  for (const [name, variable] of Object.entries(variables)) {
    const { data, shape, dtype } = stored[name]!;
    tf.tidy(() => variable.assign(tf.tensor(data, [...shape], dtype)));
  }
}
