import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { convGeometry } from './kernels/conv-geometry.js';
import { walkOf } from './kernels/conv2d.js';
import { suitsWinograd } from './kernels/winograd.js';
import { registerWasmTrainingKernels } from './register-wasm-training-kernels.js';
import { noise, relativeError, underGuards } from './test-support/compare.js';

interface Case {
  shape: [number, number, number, number];
  filters: number;
  pad: 'same' | 'valid';
}

const cases: Case[] = [
  { shape: [2, 16, 16, 32], filters: 32, pad: 'same' },
  { shape: [3, 11, 9, 36], filters: 40, pad: 'same' },
  { shape: [1, 39, 37, 32], filters: 48, pad: 'valid' },
  { shape: [19, 6, 7, 64], filters: 32, pad: 'same' },
  { shape: [2, 9, 130, 32], filters: 64, pad: 'same' },
  { shape: [2, 21, 17, 16], filters: 16, pad: 'same' },
  { shape: [1, 12, 35, 20], filters: 24, pad: 'valid' },
];

/** The same filter as 3 × 4 with a column of zeros: the direct way for the same result. */
const widened = (filter: tf.Tensor4D): tf.Tensor4D =>
  tf.pad(filter, [
    [0, 0],
    [0, 1],
    [0, 0],
    [0, 0],
  ]);

describe('the tiled 3×3 convolution', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  it.each(cases.map((c) => [JSON.stringify(c), c] as const))(
    'and its gradients stay within 1e-4 of the direct way: %s',
    async (seed, { shape, filters, pad }) => {
      const filterShape: [number, number, number, number] = [3, 3, shape[3], filters];
      const g = convGeometry({ operation: 'test', inShape: shape, filterShape, strides: 1, pad });
      expect(suitsWinograd({ walk: walkOf(g), n: filters })).toBe(true);
      await underGuards(async () => {
        const rng = createRng(seed);
        const [x, filter] = [noise(rng, shape), noise(rng, filterShape)] as [tf.Tensor4D, tf.Tensor4D];
        const tiled = (a: tf.Tensor, b: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, pad);
        const sides: [number, number] = pad === 'same' ? [1, 2] : [0, 1];
        const direct = (a: tf.Tensor, b: tf.Tensor) =>
          tf.conv2d(a as tf.Tensor4D, widened(b as tf.Tensor4D), 1, [[0, 0], [sides[0], sides[0]], sides, [0, 0]]);
        const y = tiled(x, filter);
        const dy = noise(rng, y.shape);
        const found = [y, ...tf.grads(tiled)([x, filter], dy)];
        const expected = [direct(x, filter), ...tf.grads(direct)([x, filter], dy)];
        for (const [i, tensor] of found.entries()) {
          expect(tensor.shape).toEqual(expected[i]!.shape);
          expect(relativeError(await tensor.data(), await expected[i]!.data())).toBeLessThan(1e-4);
        }
        tf.dispose([x, filter, dy, found, expected]);
      });
    },
  );

  it('is not used for what it cannot do', () => {
    const suits = (options: { inShape: number[]; filterShape: number[]; strides?: number; dilations?: number }) =>
      suitsWinograd({
        walk: walkOf(convGeometry({ operation: 'test', strides: 1, pad: 'same', ...options })),
        n: options.filterShape[3]!,
      });
    expect(suits({ inShape: [4, 16, 16, 64], filterShape: [3, 3, 64, 64] })).toBe(true);
    expect(suits({ inShape: [4, 16, 16, 64], filterShape: [3, 3, 64, 64], strides: 2 })).toBe(false);
    expect(suits({ inShape: [4, 16, 16, 64], filterShape: [3, 3, 64, 64], dilations: 2 })).toBe(false);
    expect(suits({ inShape: [4, 16, 16, 64], filterShape: [5, 5, 64, 64] })).toBe(false);
    expect(suits({ inShape: [4, 16, 16, 63], filterShape: [3, 3, 63, 64] })).toBe(false);
    expect(suits({ inShape: [4, 16, 16, 12], filterShape: [3, 3, 12, 64] })).toBe(false);
    expect(suits({ inShape: [4, 16, 16, 64], filterShape: [3, 3, 64, 8] })).toBe(false);
    expect(suits({ inShape: [1, 4, 4, 512], filterShape: [3, 3, 512, 512] })).toBe(false);
  });
});
