import * as tf from '@tensorflow/tfjs-core';
import { createRng, type Rng } from '@opposable/tensor-checks';
import { guardBuffers } from '../native/guards.js';
import type { Backend } from '../wasm-backend.js';

/** Standard normal numbers. */
export function noise(rng: Rng, shape: readonly number[]): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => rng.normal()),
    [...shape],
  );
}

/** Largest difference as a part of the largest expected number; Infinity where something is not finite. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let scale = 1e-3;
  let difference = 0;
  for (let i = 0; i < actual.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]!));
    const error = Math.abs(actual[i]! - expected[i]!);
    difference = Math.max(difference, Number.isFinite(error) ? error : Infinity);
  }
  return difference / scale;
}

async function run(backend: string, seed: string, f: (rng: Rng) => tf.Tensor | tf.Tensor[]): Promise<tf.Tensor[]> {
  await tf.setBackend(backend);
  await tf.ready();
  const result = tf.tidy(() => f(createRng(seed)));
  return Array.isArray(result) ? result : [result];
}

/** Runs something on wasm with guard words beside every buffer, and checks them. */
export async function underGuards<T>(f: () => Promise<T>): Promise<T> {
  await tf.setBackend('wasm');
  await tf.ready();
  const guards = guardBuffers(tf.backend() as unknown as Backend);
  try {
    const result = await f();
    guards.check();
    return result;
  } finally {
    guards.remove();
  }
}

/** The same on cpu and, between guard words, on wasm from the same random numbers. */
export async function expectAsOnCpu(
  seed: string,
  f: (rng: Rng) => tf.Tensor | tf.Tensor[],
  tolerance = 1e-4,
): Promise<void> {
  const expected = await run('cpu', seed, f);
  const numbers = await Promise.all(expected.map((tensor) => tensor.data()));
  await underGuards(async () => {
    const actual = await run('wasm', seed, f);
    expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
    for (const [k, tensor] of actual.entries()) {
      expect(relativeError(await tensor.data(), numbers[k]!)).toBeLessThan(tolerance);
    }
    tf.dispose(actual);
  });
  tf.dispose(expected);
}

/** An operation beside float64 loops. */
export interface HostCase<Names extends string> {
  inputs: Record<Names, { shape: number[]; values: number[]; dtype?: 'int32' }>;
  onTensors: (x: Record<Names, tf.Tensor>) => tf.Tensor;
  onHost: (x: Record<Names, Float64Array>) => ArrayLike<number>;
  differentiated: readonly Names[];
  /** Half width of the central differences; default 1e-5. */
  step?: number;
  tolerance?: number;
}

/** Values and gradients, of the results weighted with random numbers, against float64 loops and their central differences. */
export async function expectAsOnHost<Names extends string>(hostCase: HostCase<Names>): Promise<void> {
  const { inputs, onTensors, onHost, differentiated, step = 1e-5, tolerance = 1e-4 } = hostCase;
  const names = Object.keys(inputs) as Names[];
  const entries = names.map((name) => [name, tf.tensor(inputs[name].values, inputs[name].shape, inputs[name].dtype)]);
  const tensors = Object.fromEntries(entries) as Record<Names, tf.Tensor>;
  const arrays = Object.fromEntries(
    names.map((name) => [name, Float64Array.from(Float32Array.from(inputs[name].values))]),
  ) as Record<Names, Float64Array>;
  const y = onTensors(tensors);
  expect(relativeError(await y.data(), onHost(arrays))).toBeLessThan(tolerance);
  if (differentiated.length === 0) return tf.dispose([y, ...Object.values<tf.Tensor>(tensors)]);
  const dy = noise(createRng('weights'), y.shape);
  const weights = await dy.data();
  const objective = (x: Record<Names, Float64Array>): number =>
    Array.from(onHost(x)).reduce((sum, value, i) => sum + value * weights[i]!, 0);
  const chosen = differentiated.map((name) => tensors[name]);
  const derivatives = tf.grads((...given: tf.Tensor[]) =>
    onTensors({ ...tensors, ...Object.fromEntries(differentiated.map((name, i) => [name, given[i]!])) }),
  )(chosen, dy);
  for (const [k, name] of differentiated.entries()) {
    const expected = Array.from(arrays[name], (center, i) => {
      const at = (by: number) => {
        const moved = Float64Array.from(arrays[name]);
        moved[i] = center + by;
        return objective({ ...arrays, [name]: moved });
      };
      return (at(step) - at(-step)) / (2 * step);
    });
    expect(derivatives[k]!.shape).toEqual(inputs[name].shape);
    expect(relativeError(await derivatives[k]!.data(), expected)).toBeLessThan(tolerance);
  }
  tf.dispose([y, dy, derivatives, Object.values(tensors)] as tf.Tensor[]);
}

/** By how many tensors and buffers 50 runs grow the backend, after one to warm up. */
export function growthOver50Runs(f: () => tf.Tensor | tf.Tensor[]): { tensors: number; buffers: number } {
  const count = () => ({ tensors: tf.memory().numTensors, buffers: tf.backend().numDataIds() });
  tf.dispose(f());
  const before = count();
  for (let i = 0; i < 50; i++) tf.dispose(f());
  const after = count();
  return { tensors: after.tensors - before.tensors, buffers: after.buffers - before.buffers };
}
