import * as tf from '@tensorflow/tfjs-core';
import { registerWasmTrainingKernels } from './register-wasm-training-kernels.js';
import { expectAsOnCpu, noise, underGuards } from './test-support/compare.js';

type Four = [number, number, number, number];

/** The result of an operation and its gradients with respect to everything given. */
function withGradients(f: (...x: tf.Tensor[]) => tf.Tensor, x: tf.Tensor[]): tf.Tensor[] {
  const y = f(...x);
  return [y, ...tf.grads(f)(x, tf.onesLike(y))];
}

describe('tensors without numbers on wasm', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  it.each([
    [[0, 5, 4, 3], [3, 3, 3, 4], 1, 'same'],
    [[0, 8, 8, 16], [3, 3, 16, 16], 1, 'same'],
    [[2, 5, 4, 3], [3, 3, 3, 0], 2, 'same'],
    [[2, 5, 4, 0], [3, 3, 0, 4], 1, 'valid'],
    [[2, 2, 2, 3], [3, 3, 3, 4], 1, 'valid'],
    [[1, 0, 4, 3], [1, 1, 3, 4], 1, 'valid'],
  ] as [Four, Four, number, 'same' | 'valid'][])(
    'a convolution of %j by %j, stride %d, %s and its gradients',
    async (shape, filterShape, strides, pad) => {
      await expectAsOnCpu('convolution', (rng) => {
        const conv = (x: tf.Tensor, filter: tf.Tensor) =>
          tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);
        return withGradients(conv, [noise(rng, shape), noise(rng, filterShape)]);
      });
    },
  );

  it.each([
    [[0, 5, 4, 3], [3, 3, 3, 1], 1, 'same'],
    [[0, 5, 4, 3], [3, 3, 3, 2], 2, 'same'],
    [[2, 5, 4, 3], [3, 3, 3, 0], 1, 'same'],
    [[2, 5, 4, 0], [3, 3, 0, 1], 1, 'valid'],
    [[2, 5, 4, 0], [3, 3, 0, 2], 2, 'same'],
    [[2, 2, 2, 3], [3, 3, 3, 1], 1, 'valid'],
  ] as [Four, Four, number, 'same' | 'valid'][])(
    'a depthwise convolution of %j by %j, stride %d, %s and its gradients',
    async (shape, filterShape, strides, pad) => {
      await expectAsOnCpu('depthwise', (rng) => {
        const conv = (x: tf.Tensor, filter: tf.Tensor) =>
          tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);
        return withGradients(conv, [noise(rng, shape), noise(rng, filterShape)]);
      });
    },
  );

  it('poolings of an empty batch and their gradients', async () => {
    await expectAsOnCpu('pooling', (rng) => {
      const x = noise(rng, [0, 5, 4, 3]);
      return [
        ...withGradients((a) => tf.maxPool(a as tf.Tensor4D, 3, 2, 'same'), [x]),
        ...withGradients((a) => tf.avgPool(a as tf.Tensor4D, 2, 2, 'valid'), [x]),
      ];
    });
  });

  it.each([[[0, 4, 4, 3]], [[2, 4, 4, 0]]] as [Four][])('images of %j resized and transformed', async (shape) => {
    await expectAsOnCpu('images', (rng) => {
      const x = noise(rng, shape);
      const resized = [true, false].flatMap((half) =>
        withGradients((a) => tf.image.resizeBilinear(a as tf.Tensor4D, [3, 7], false, half), [x]),
      );
      const shift = tf.tensor2d([[1, 0, 1, 0, 1, 0, 0, 0]]);
      return [...resized, tf.image.transform(x as tf.Tensor4D, shift, 'bilinear', 'constant', 0, [4, 4])];
    });
  });

  it.each([
    [
      [0, 3, 4, 5],
      [0, 6, 2],
    ],
    [
      [2, 3, 4, 5],
      [2, 0, 2],
    ],
    [
      [2, 3, 4, 0],
      [2, 6, 2],
    ],
  ])('samples of images of %j at points of %j', async (shape, at) => {
    await underGuards(async () => {
      const [images, points] = [tf.ones(shape), tf.ones(at)];
      const run = (name: string, more: object) =>
        tf.engine().runKernel<tf.Tensor>(name, { images, points, ...more }, { border: true });
      const y = run('OpposableBilinearSample', {});
      expect(y.shape).toEqual([at[0], at[1], shape[3]]);
      const gradients = [run('OpposableBilinearImageGrad', { dy: y }), run('OpposableBilinearPointGrad', { dy: y })];
      expect(gradients.map((tensor) => tensor.shape)).toEqual([shape, at]);
      for (const gradient of gradients) expect([...(await gradient.data())].every((value) => value === 0)).toBe(true);
      tf.dispose([images, points, y, gradients]);
    });
  });

  it.each([[[0, 5, 4, 3]], [[2, 5, 4, 0]], [[0, 0]]])('normalisation and activations of %j', async (shape) => {
    await expectAsOnCpu('normalisation', (rng) => {
      const channels = [shape.at(-1)!];
      const vectors = [noise(rng, channels), tf.ones(channels), noise(rng, channels), noise(rng, channels)];
      const normalise = (x: tf.Tensor, ...rest: tf.Tensor[]) =>
        tf.batchNorm(x, ...(rest as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D]));
      const x = noise(rng, shape);
      return [
        ...withGradients(normalise, [x, ...vectors]),
        ...withGradients((a) => tf.relu(a), [x]),
        ...withGradients((a, alpha) => tf.prelu(a, alpha), [x, noise(rng, channels)]),
      ];
    });
  });

  it('segments and rows', async () => {
    await expectAsOnCpu('segments', (rng) => {
      const none = tf.tensor1d([], 'int32');
      const ids = tf.tensor1d([1, 0, 1], 'int32');
      return [
        tf.unsortedSegmentSum(noise(rng, [0, 3]), none, 4),
        tf.unsortedSegmentSum(noise(rng, [3, 0]), ids, 2),
        ...withGradients((a) => tf.gather(a, none), [noise(rng, [3, 2])]),
      ];
    });
    const batched = tf.gather(tf.zeros([0, 4, 2]), tf.zeros([0, 3], 'int32'), 1, 1); // the cpu backend refuses it
    expect(batched.shape).toEqual([0, 3, 2]);
    batched.dispose();
  });
});
