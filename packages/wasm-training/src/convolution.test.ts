import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { guardBuffers } from './native/guards.js';
import { registerWasmTrainingKernels } from './register-wasm-training-kernels.js';
import type { Backend } from './wasm-backend.js';

interface Case {
  batch: number;
  size: [number, number];
  channels: [number, number];
  filter: [number, number];
  strides: number | [number, number];
  pad: 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];
}

/* prettier-ignore */
const cases: Case[] = [
  { batch: 1, size: [1, 1], channels: [1, 1], filter: [1, 1], strides: 1, pad: 'same' },
  { batch: 2, size: [5, 7], channels: [3, 5], filter: [1, 1], strides: 1, pad: 'valid' },
  { batch: 2, size: [5, 7], channels: [3, 5], filter: [1, 1], strides: 2, pad: 'valid' },
  { batch: 1, size: [6, 6], channels: [5, 3], filter: [1, 1], strides: 3, pad: 'same' },
  { batch: 2, size: [7, 5], channels: [64, 5], filter: [3, 3], strides: 1, pad: 'same' },
  { batch: 1, size: [8, 8], channels: [5, 64], filter: [3, 3], strides: 2, pad: 'same' },
  { batch: 3, size: [9, 8], channels: [3, 64], filter: [5, 5], strides: 2, pad: 'same' },
  { batch: 2, size: [9, 11], channels: [5, 3], filter: [3, 3], strides: 3, pad: 'same' },
  { batch: 2, size: [9, 11], channels: [1, 5], filter: [3, 2], strides: [2, 1], pad: 'valid' },
  { batch: 2, size: [10, 6], channels: [5, 1], filter: [2, 5], strides: [1, 3], pad: 'same' },
  { batch: 2, size: [8, 9], channels: [5, 6], filter: [2, 2], strides: 3, pad: 'valid' },
  { batch: 1, size: [3, 2], channels: [5, 6], filter: [5, 5], strides: 1, pad: 'same' },
  { batch: 1, size: [3, 2], channels: [5, 6], filter: [7, 7], strides: 2, pad: 'same' },
  { batch: 2, size: [3, 3], channels: [3, 3], filter: [5, 5], strides: 1, pad: 2 },
  { batch: 2, size: [6, 6], channels: [6, 5], filter: [3, 3], strides: 2, pad: 1 },
  { batch: 2, size: [6, 5], channels: [6, 5], filter: [3, 3], strides: 2, pad: [[0, 0], [0, 2], [1, 0], [0, 0]] },
  { batch: 2, size: [6, 5], channels: [6, 5], filter: [3, 3], strides: 1, pad: [[0, 0], [4, 3], [3, 5], [0, 0]] },
  { batch: 2, size: [7, 7], channels: [64, 64], filter: [3, 3], strides: 2, pad: 'valid' },
  { batch: 4, size: [16, 16], channels: [3, 64], filter: [7, 7], strides: 2, pad: [[0, 0], [3, 3], [3, 3], [0, 0]] },
  { batch: 5, size: [4, 4], channels: [64, 64], filter: [3, 3], strides: 1, pad: 'same' },
  { batch: 2, size: [19, 23], channels: [5, 9], filter: [3, 3], strides: 1, pad: 'same' },
  { batch: 1, size: [40, 33], channels: [3, 5], filter: [3, 3], strides: 2, pad: 'same' },
  { batch: 1, size: [5, 5], channels: [700, 9], filter: [1, 1], strides: 1, pad: 'valid' },
  { batch: 1, size: [5, 4], channels: [130, 3], filter: [3, 3], strides: 1, pad: 'same' },
  { batch: 1, size: [2, 9], channels: [4, 4], filter: [1, 3], strides: [3, 4], pad: 'same' },
  { batch: 7, size: [1, 1], channels: [9, 17], filter: [3, 3], strides: 1, pad: 'same' },
];

const name = (c: Case) =>
  `${c.batch}×${c.size.join('×')}×${c.channels[0]}→${c.channels[1]}, filter ${c.filter.join('×')}, ` +
  `stride ${String(c.strides)}, pad ${JSON.stringify(c.pad)}`;

async function on<T>(backend: string, run: () => Promise<T>): Promise<T> {
  await tf.setBackend(backend);
  await tf.ready();
  return run();
}

function relativeError(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  let difference = 0;
  let scale = 1e-3;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(actual[i]! - expected[i]!)); // NaN is caught below
    if (Number.isNaN(actual[i])) return NaN;
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return difference / scale;
}

/** y, dx, dW */
async function results(c: Case, seed: string): Promise<Float32Array[]> {
  const rng = createRng(seed);
  const values = (shape: number[]) =>
    tf.tensor4d(
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => rng.normal()),
      shape as [number, number, number, number],
    );
  const x = values([c.batch, ...c.size, c.channels[0]]);
  const filter = values([...c.filter, ...c.channels]);
  const run = (a: tf.Tensor, b: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, c.strides, c.pad);
  const y = run(x, filter);
  const dy = values(y.shape);
  const [dx, df] = tf.grads(run)([x, filter], dy) as [tf.Tensor, tf.Tensor];
  expect(dx.shape).toEqual(x.shape);
  expect(df.shape).toEqual(filter.shape);
  const result = await Promise.all([y, dx, df].map((tensor) => tensor.data<'float32'>()));
  tf.dispose([x, filter, y, dy, dx, df]);
  return result;
}

describe('convolution and its gradients on wasm', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  it.each(cases.map((c) => [name(c), c] as const))(
    'equal the cpu backend, and read and write nothing beside their tensors: %s',
    async (seed, c) => {
      const expected = await on('cpu', () => results(c, seed));
      const actual = await on('wasm', async () => {
        const guards = guardBuffers(tf.backend() as unknown as Backend);
        try {
          const values = await results(c, seed);
          guards.check();
          return values;
        } finally {
          guards.remove();
        }
      });
      expected.forEach((values, i) => expect(relativeError(actual[i]!, values)).toBeLessThan(1e-4));
    },
  );
});
