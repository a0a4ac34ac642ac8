import * as tf from '@tensorflow/tfjs-core';
import { registerWasmTrainingKernels } from './register-wasm-training-kernels.js';
import { expectAsOnCpu, noise } from './test-support/compare.js';

const ACTIVATIONS = ['linear', 'relu', 'relu6', 'leakyrelu', 'prelu', 'elu', 'sigmoid'] as const;

describe('matrix products and fused activations on wasm equal the cpu backend', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  // Longer, wider and higher than one block of the loops, and one more or less than whole tiles and panels.
  /* prettier-ignore */
  const shapes: [batch: number, m: number, k: number, n: number][] = [
    [1, 7, 1300, 9], [1, 245, 11, 8], [1, 6, 300, 400], [1, 1, 70, 33], [1, 2, 33, 70], [1, 3, 1, 3], [1, 5, 257, 17],
    [1, 481, 5, 3], [3, 4, 4, 4], [2, 31, 30, 29], [1, 0, 3, 4], [1, 3, 0, 4], [0, 3, 3, 3], [1, 1, 1, 1], [5, 24, 3, 24],
  ];
  it.each(shapes)('matMul of %i × [%i, %i] · [%i], in all four transpositions', async (batch, m, k, n) => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        await expectAsOnCpu(`${m} ${k} ${n}`, (rng) => {
          const a = noise(rng, transposeA ? [batch, k, m] : [batch, m, k]);
          const b = noise(rng, transposeB ? [batch, n, k] : [batch, k, n]);
          return tf.matMul(a, b, transposeA, transposeB);
        });
      }
    }
  });

  it.each(ACTIVATIONS)('fused matMul with bias and %s', async (activation) => {
    await expectAsOnCpu(activation, (rng) => {
      const [a, b, bias] = [noise(rng, [9, 70]), noise(rng, [70, 19]), noise(rng, [19])];
      const weights = activation === 'prelu' ? { preluActivationWeights: noise(rng, [19]) } : {};
      const attrs = { activation, leakyreluAlpha: 0.3, ...weights };
      return [
        tf.fused.matMul({ a, b, bias, ...attrs }),
        tf.fused.matMul({ a, b, ...attrs }),
        tf.fused.matMul({ a: noise(rng, [70, 9]), b, bias, transposeA: true, ...attrs }),
      ];
    });
  });

  it.each(ACTIVATIONS)('fused convolutions with bias and %s', async (activation) => {
    await expectAsOnCpu(activation, (rng) => {
      const x = noise(rng, [2, 9, 8, 5]) as tf.Tensor4D;
      const [filter, depthwise] = [noise(rng, [3, 3, 5, 11]), noise(rng, [3, 3, 5, 2])] as [tf.Tensor4D, tf.Tensor4D];
      const [bias, depthwiseBias] = [noise(rng, [11]), noise(rng, [10])] as [tf.Tensor1D, tf.Tensor1D];
      const prelu = (size: number) => (activation === 'prelu' ? { preluActivationWeights: noise(rng, [size]) } : {});
      const attrs = { strides: 2, pad: 'same', activation, leakyreluAlpha: 0.3 } as const;
      return [
        tf.fused.conv2d({ x, filter, bias, ...attrs, ...prelu(11) }),
        tf.fused.conv2d({ x, filter, ...attrs, dilations: 2, strides: 1, ...prelu(11) }),
        tf.fused.depthwiseConv2d({ x, filter: depthwise, bias: depthwiseBias, ...attrs, ...prelu(10) }),
      ];
    });
  });

  it('fused products and convolutions pass their gradients, to the bias too', async () => {
    await expectAsOnCpu('fused gradients', (rng) => {
      const x = noise(rng, [2, 9, 8, 5]);
      const [filter, depthwise] = [noise(rng, [3, 3, 5, 11]), noise(rng, [3, 3, 5, 2])];
      const attrs = { strides: 2, pad: 'same' } as const;
      type Fused = (x: tf.Tensor, filter: tf.Tensor, bias: tf.Tensor) => tf.Tensor;
      const conv = (activation: 'linear' | 'relu') =>
        ((a, b, bias) =>
          tf.fused.conv2d({ x: a as tf.Tensor4D, filter: b as tf.Tensor4D, bias, ...attrs, activation })) as Fused;
      const depth = ((a, b, bias) =>
        tf.fused.depthwiseConv2d({ x: a as tf.Tensor4D, filter: b as tf.Tensor4D, bias, ...attrs })) as Fused;
      const product = ((a, b, bias) => tf.fused.matMul({ a, b, bias, transposeB: true })) as Fused;
      const gradients = (f: Fused, ...given: [tf.Tensor, tf.Tensor, tf.Tensor]) =>
        tf.grads(f)(given, noise(rng, f(...given).shape));
      return [
        ...gradients(conv('linear'), x, filter, noise(rng, [11])),
        ...gradients(conv('relu'), x, filter, noise(rng, [11])),
        ...gradients(depth, x, depthwise, noise(rng, [10])),
        ...gradients(product, noise(rng, [9, 70]), noise(rng, [19, 70]), noise(rng, [19])),
      ];
    });
  });

  it.each([
    [1, 'same'],
    [2, 'same'],
    [3, 'valid'],
  ] as const)('a transposed convolution of stride %d, %s and its gradients', async (strides, pad) => {
    await expectAsOnCpu('transposed', (rng) => {
      const [x, filter] = [noise(rng, [2, 4, 3, 5]), noise(rng, [3, 3, 7, 5])];
      const extent = (size: number) => (pad === 'same' ? size * strides : (size - 1) * strides + 3);
      const f = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
        tf.conv2dTranspose(a as tf.Tensor4D, b as tf.Tensor4D, [2, extent(4), extent(3), 7], strides, pad);
      const y = f(x, filter);
      return [y, ...tf.grads(f)([x, filter], noise(rng, y.shape))];
    });
  });

  it('refuses an activation that cannot be fused, in one sentence', () => {
    const [a, b] = [tf.ones<tf.Rank.R2>([2, 2]), tf.ones<tf.Rank.R2>([2, 2])];
    expect(() => tf.fused.matMul({ a, b, activation: 'selu' as 'relu' })).toThrow(
      'fused activation: expected one of linear, relu, relu6, leakyrelu, prelu, elu, sigmoid on the wasm backend, got "selu".',
    );
    tf.dispose([a, b]);
  });

  it('keeps the counts of tensors and buffers flat', () => {
    const [a, b] = [tf.ones<tf.Rank.R2>([30, 40]), tf.ones<tf.Rank.R2>([40, 20])];
    const bias = tf.ones([20]);
    const step = () =>
      tf.tidy(() => {
        tf.fused.matMul({ a, b, bias, activation: 'sigmoid' });
        tf.grads((x, y) => tf.matMul(x, y))([a, b]);
      });
    step();
    const [tensors, buffers] = [tf.memory().numTensors, tf.backend().numDataIds()];
    for (let i = 0; i < 50; i++) step();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(tf.backend().numDataIds()).toBe(buffers);
    tf.dispose([a, b, bias]);
  });
});
