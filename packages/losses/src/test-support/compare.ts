import * as tf from '@tensorflow/tfjs-core';

/** Named inputs of a loss: shape and numbers. */
export type Inputs = Record<string, { shape: number[]; values: number[] }>;
export type Tensors<K extends string> = Record<K, tf.Tensor>;
export type Arrays<K extends string> = Record<K, Float64Array>;

export async function useBackend(name: string): Promise<void> {
  await tf.setBackend(name);
  await tf.ready();
}

/** The inputs rounded to float32, as the tensors hold them. */
function arraysOf<I extends Inputs>(inputs: I): Arrays<Extract<keyof I, string>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { values }]) => [name, Float64Array.from(Float32Array.from(values))]),
  ) as Arrays<Extract<keyof I, string>>;
}

export function tensorsOf<I extends Inputs>(inputs: I): Tensors<Extract<keyof I, string>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, values }]) => [name, tf.tensor(values, shape)]),
  ) as Tensors<Extract<keyof I, string>>;
}

/**
 * Largest difference between `actual` and `expected`, as a fraction of the largest expected number; Infinity where
 * something is not finite or where all expected are 0 and an actual one is not.
 */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`lengths differ: ${actual.length} and ${expected.length}`);
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let worst = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (!Number.isFinite(difference)) return Infinity;
    worst = Math.max(worst, difference === 0 ? 0 : difference / largest);
  }
  return worst;
}

/** Relative errors of a scalar loss and of its gradients against float64 host code and its central differences. */
export async function compare<I extends Inputs>(
  inputs: I,
  onTensors: (x: Tensors<Extract<keyof I, string>>) => tf.Tensor,
  onHost: (x: Arrays<Extract<keyof I, string>>) => number,
  differentiated: readonly Extract<keyof I, string>[],
  step: (name: string) => number = () => 1e-6,
): Promise<{ value: number; gradient: Record<string, number> }> {
  const tensors = tensorsOf(inputs);
  const { value, grads } = tf.valueAndGrads((...chosen: tf.Tensor[]) => {
    const replaced = { ...tensors };
    differentiated.forEach((name, i) => (replaced[name] = chosen[i]!));
    return onTensors(replaced);
  })(differentiated.map((name) => tensors[name]));
  const arrays = arraysOf(inputs);
  const gradient: Record<string, number> = {};
  for (const [k, name] of differentiated.entries()) {
    const expected = Array.from(arrays[name], (center, i) => {
      const shifted = (by: number) => {
        const moved = Float64Array.from(arrays[name]);
        moved[i] = center + by;
        return onHost({ ...arrays, [name]: moved });
      };
      return (shifted(step(name)) - shifted(-step(name))) / (2 * step(name));
    });
    gradient[name] = relativeError(await grads[k]!.data(), expected);
  }
  return { value: relativeError(await value.data(), [onHost(arrays)]), gradient };
}

/** By how many tensors memory grows over 50 runs of a gradient step, after one to warm up. */
export function leakOver50Steps<I extends Inputs>(
  inputs: I,
  differentiated: Extract<keyof I, string>,
  loss: (x: Tensors<Extract<keyof I, string>>) => tf.Tensor,
): number {
  const tensors = tensorsOf(inputs);
  const step = () =>
    tf.dispose(tf.grad((x: tf.Tensor) => loss({ ...tensors, [differentiated]: x }))(tensors[differentiated]));
  step();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 50; i++) step();
  return tf.memory().numTensors - before;
}
