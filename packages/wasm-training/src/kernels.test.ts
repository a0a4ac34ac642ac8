import * as tf from '@tensorflow/tfjs-core';
import { registerWasmTrainingKernels } from './register-wasm-training-kernels.js';
import { expectAsOnCpu as expectEqual, noise as values } from './test-support/compare.js';

describe('kernels on wasm equal the cpu backend', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  /* prettier-ignore */
  const products: [number[], number[], boolean, boolean][] = [
    [[33, 65], [65, 17], false, false], [[65, 33], [65, 17], true, false], [[33, 65], [17, 65], false, true],
    [[65, 33], [17, 65], true, true], [[200, 40], [9, 40], false, true], [[3, 40], [90, 40], false, true], [[2, 30, 40], [1, 9, 40], false, true], [[2, 3], [3, 4], false, false], [[1, 64], [64, 1], false, false],
    [[4, 20, 30], [4, 30, 10], false, false], [[4, 30, 20], [4, 10, 30], true, true], [[4, 20, 30], [1, 30, 10], false, false],
    [[1, 20, 30], [4, 30, 10], false, false], [[1, 20, 30], [4, 10, 30], false, true], [[2, 3, 20, 30], [2, 3, 30, 10], false, false],
    [[2, 3, 3, 3], [2, 3, 3, 3], true, false],
  ];
  it.each(products)('matMul %j · %j, transposes %j %j', async (a, b, transposeA, transposeB) => {
    await expectEqual('matMul', (rng) => tf.matMul(values(rng, a), values(rng, b), transposeA, transposeB));
  });

  it('matMul passes its gradient in all four transpositions', async () => {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      await expectEqual('matMulGrad', (rng) => {
        const a = values(rng, transposeA ? [40, 30] : [30, 40]);
        const b = values(rng, transposeB ? [20, 40] : [40, 20]);
        return tf.grads((x, y) => tf.matMul(x, y, transposeA, transposeB))([a, b], values(rng, [30, 20]));
      });
    }
  });

  /* prettier-ignore */
  const reductions: [number[], number | number[] | undefined][] = [
    [[4, 8, 8, 5], [0, 1, 2]], [[4, 8, 8, 5], [1, 2]], [[4, 8, 8, 5], [0]], [[4, 8, 8, 5], [3]], [[4, 8, 8, 5], undefined],
    [[4, 8, 8, 5], [0, 2]], [[4, 8, 8, 1], [0, 1, 2]], [[1024, 3], 0], [[1031, 3], 0], [[32, 33], -2], [[2, 0, 3], 1], [[7], 0],
    [[3, 600, 2, 2], [1]],
  ];
  it.each(reductions)('sum and mean of %j over %j', async (shape, axis) => {
    for (const keepDims of [false, true]) {
      await expectEqual('sum', (rng) => tf.sum(values(rng, shape), axis, keepDims));
      if (!shape.includes(0)) await expectEqual('mean', (rng) => tf.mean(values(rng, shape), axis, keepDims));
    }
  });

  it('gradients of sum, mean and moments', async () => {
    await expectEqual('reduceGrad', (rng) => {
      const x = values(rng, [4, 6, 6, 5]);
      return [
        ...[undefined, [0, 1, 2], [1, 2], [3], [0, 3], -2].flatMap((axis) => {
          const dy = values(rng, tf.sum(x, axis).shape);
          return [tf.grad((a) => tf.sum(a, axis))(x, dy), tf.grad((a) => tf.mean(a, axis))(x, dy)];
        }),
        tf.grad((a) => tf.sum(tf.square(tf.mean(a, [1, 2], true))))(x),
        tf.grad((a) => tf.sum(tf.square(tf.moments(a, [0, 1, 2]).variance)))(x),
        tf.grad((a) => tf.sum(tf.cast(a, 'float32')))(tf.scalar(3)),
      ];
    });
  });

  it('sums integers exactly', async () => {
    await expectEqual('int', () => tf.sum(tf.ones([40, 3], 'int32'), 0), 1e-12);
  });

  it('sums a million equal numbers without drift', async () => {
    await tf.setBackend('wasm');
    const x = tf.fill([1 << 19, 2], 0.1);
    const total = tf.sum(x, 0);
    expect(Math.abs((await total.data())[0]! / ((1 << 19) * Math.fround(0.1)) - 1)).toBeLessThan(1e-6);
    tf.dispose([x, total]);
  });

  /* prettier-ignore */
  const tilings: [number[], number[]][] = [
    [[1, 1, 1, 5], [2, 3, 4, 1]], [[1, 1, 1, 5], [2, 3, 4, 2]], [[2, 3], [2, 1]], [[1, 3], [7, 1]], [[1], [5]], [[4], [1]],
    [[1, 2, 3], [1, 1, 1]], [[1, 3], [0, 1]],
    [[4, 1, 1, 3], [1, 5, 2, 1]], [[4, 1, 1], [1, 5, 2]], [[4, 1, 2, 1], [1, 5, 1, 3]], [[3, 1], [2, 4]],
  ];
  it.each(tilings)('tile %j by %j', async (shape, reps) => {
    await expectEqual('tile', (rng) => tf.tile(values(rng, shape), reps));
  });

  /* prettier-ignore */
  const slices: [number[], number[], number[]][] = [
    [[5], [1], [3]], [[4, 5], [1, 0], [2, 5]], [[4, 5], [1, 2], [2, 2]], [[3, 4, 5], [0, 1, 2], [3, 2, 3]],
    [[3, 4, 5, 2], [1, 1, 1, 0], [2, 2, 3, 2]], [[3, 4, 5, 2], [0, 0, 0, 0], [3, 4, 5, 2]], [[2, 3, 2, 3, 2], [0, 1, 0, 1, 0], [2, 2, 1, 2, 2]],
    [[3, 4], [1, 1], [0, 2]], [[3, 4], [2, 1], [-1, -1]],
  ];
  it.each(slices)('slice %j from %j, size %j', async (shape, begin, size) => {
    await expectEqual('slice', (rng) => tf.slice(values(rng, shape), begin, size));
    await expectEqual('slice', (rng) => tf.slice(tf.cast(tf.mul(values(rng, shape), 10), 'int32'), begin, size));
  });

  /* prettier-ignore */
  const joined: [number[][], number][] = [
    [[[2, 4, 4, 3], [2, 4, 4, 5]], 3], [[[2, 4, 4, 16], [2, 4, 4, 32], [2, 4, 4, 1]], -1], [[[1, 3, 5], [4, 3, 5]], 0],
    [[[2, 1, 5], [2, 3, 5], [2, 2, 5]], 1], [[[7], [3]], 0], [[[3, 700], [3, 20]], 1], [[[2, 0, 3], [2, 4, 3]], 1], [[[2, 4, 3]], 1],
    [[[64, 1], [64, 1]], 1],
  ];
  it.each(joined)('concat of %j along %d, its gradient, and splits', async (shapes, axis) => {
    await expectEqual('concat', (rng) => {
      const parts = shapes.map((shape) => values(rng, shape));
      const whole = tf.concat(parts, axis);
      const sizes = shapes.map((shape) => shape.at(axis)!);
      const integers = tf.concat(
        parts.map((part) => tf.cast(tf.mul(part, 100), 'int32')),
        axis,
      );
      const gradients = tf.grads((...xs: tf.Tensor[]) => tf.concat(xs, axis))(parts, values(rng, whole.shape));
      return [whole, integers, ...tf.split(whole, sizes, axis), ...tf.split(integers, sizes, axis), ...gradients];
    });
  });

  it('split into equal parts, concat and split of other types and of nothing', async () => {
    const bools = (...shape: number[]) => tf.tensor([0, 1, 1, 1, 0, 1], shape, 'bool'); // the shipped cast to bool is wrong
    await expectEqual('split', (rng) => [
      ...tf.split(values(rng, [2, 6, 5]), 3, 1),
      ...tf.split(values(rng, [2, 6, 5]), 5, -1),
      ...tf.split(bools(2, 3), 3, 1),
      tf.concat([bools(2, 3), bools(2, 3)], 1),
    ]);
    const nothing = tf.concat([tf.zeros([0, 3]), tf.zeros([0, 5])], 1);
    const parts = tf.split(nothing, [3, 5], 1);
    expect([nothing, ...parts].map(({ shape }) => shape)).toEqual([[0, 8], [0, 3], [0, 5]]); // prettier-ignore
    tf.dispose([nothing, ...parts]);
    const letters = tf.concat([tf.tensor2d([['a'], ['b']]), tf.tensor2d([['c'], ['d']])], 1);
    expect(await letters.data()).toEqual(['a', 'c', 'b', 'd']);
    letters.dispose();
  });

  it('batchNorm with and without scale and offset, and its gradient', async () => {
    await expectEqual('bn', (rng) => {
      const x = values(rng, [2, 5, 5, 3]);
      const [mean, variance, offset, scale] = [
        values(rng, [3]),
        tf.abs(values(rng, [3])),
        values(rng, [3]),
        values(rng, [3]),
      ] as tf.Tensor1D[];
      const full = tf.batchNorm(x, mean!, variance!, offset, scale, 1e-3);
      const bare = tf.batchNorm(x, mean!, variance!);
      const perElement = tf.batchNorm(x, tf.mul(x, 0.5), tf.abs(tf.mul(x, 0.3)));
      const training = tf.grads((a, b, c) => {
        const moments = tf.moments(a, [0, 1, 2]);
        return tf.batchNorm(a, moments.mean, moments.variance, c, b, 1e-3);
      })([x, scale!, offset!], values(rng, [2, 5, 5, 3]));
      return [full, bare, perElement, ...training];
    });
  });

  /* prettier-ignore */
  const pools: [number[], number | [number, number], number | [number, number], 'same' | 'valid' | number][] = [
    [[2, 8, 8, 3], 2, 2, 'valid'], [[2, 9, 7, 5], 3, 2, 'same'], [[1, 5, 5, 1], 3, 1, 'same'], [[2, 6, 6, 4], [3, 2], [1, 3], 'valid'],
    [[2, 8, 8, 3], 3, 2, 1], [[1, 2, 2, 3], 3, 2, 'same'],
  ];
  it.each(pools)('gradient of maxPool of %j, window %j, stride %j, pad %j', async (shape, window, stride, pad) => {
    await expectEqual('pool', (rng) => {
      // few distinct values: ties go to the first position
      const x = tf.round(values(rng, shape)) as tf.Tensor4D;
      const y = tf.maxPool(x, window, stride, pad);
      return tf.grad((a) => tf.maxPool(a as tf.Tensor4D, window, stride, pad))(x, values(rng, y.shape));
    });
  });

  it('convolution with few pixels and many channels, bias and activation', async () => {
    await expectEqual('few', (rng) => {
      const x = values(rng, [2, 3, 3, 20]) as tf.Tensor4D;
      const filter = values(rng, [3, 3, 20, 256]) as tf.Tensor4D;
      const bias = values(rng, [256]) as tf.Tensor1D;
      return [
        tf.conv2d(x, filter, 1, 'same'),
        tf.conv2d(x, filter, 2, 'same'),
        tf.conv2d(x, filter, 1, 'valid', 'NHWC', 1),
        tf.conv2d(x, filter, 1, 'same', 'NHWC', 2),
        tf.fused.conv2d({ x, filter, strides: 1, pad: 'same' }),
        tf.fused.conv2d({ x, filter, strides: 2, pad: 'same', bias }),
        tf.fused.conv2d({ x, filter, strides: 2, pad: 'same', bias, activation: 'relu' }),
        tf.fused.conv2d({ x, filter, strides: 2, pad: 'same', bias, activation: 'elu' }),
      ];
    });
  });

  it('unsortedSegmentSum, with ids out of range and repeated', async () => {
    await expectEqual('segment', (rng) => {
      const ids = tf.tensor1d([0, 2, 2, -1, 5, 0], 'int32');
      return [
        tf.unsortedSegmentSum(values(rng, [6, 2, 3]), ids, 4),
        tf.unsortedSegmentSum(values(rng, [6]), ids, 4),
        tf.unsortedSegmentSum(tf.cast(tf.mul(values(rng, [6, 2]), 9), 'int32'), ids, 4),
      ];
    });
  });

  it('the gradient of gather', async () => {
    await expectEqual('gather', (rng) => {
      const indices = tf.tensor1d([3, 0, 0, 1], 'int32');
      const along = (axis: number, shape: number[]) =>
        tf.grad((x) => tf.gather(x, indices, axis))(values(rng, [4, 5, 4]), values(rng, shape));
      return [along(0, [4, 5, 4]), along(1, [4, 4, 4]), along(2, [4, 5, 4])];
    });
  });

  /* prettier-ignore */
  const depthwise: [number[], number[], number | [number, number], 'same' | 'valid' | number, number | [number, number]][] = [
    [[2, 7, 7, 5], [3, 3, 5, 1], 1, 'same', 1], [[2, 8, 7, 5], [3, 3, 5, 1], 2, 'same', 1], [[1, 7, 9, 3], [3, 2, 3, 2], 1, 'valid', 1],
    [[1, 9, 9, 3], [3, 3, 3, 2], 3, 'valid', 1],
    [[1, 2, 3, 4], [5, 5, 4, 1], 1, 'same', 1], [[1, 6, 6, 1], [3, 3, 1, 4], 2, 1, 1], [[2, 4, 4, 64], [1, 1, 64, 1], 1, 'valid', 1],
  ];
  it.each(depthwise)(
    'depthwise gradients of %j by %j, stride %j, pad %j, dilation %j',
    async (shape, filterShape, strides, pad, dilations) => {
      await expectEqual('depthwise', (rng) => {
        const x = values(rng, shape) as tf.Tensor4D;
        const filter = values(rng, filterShape) as tf.Tensor4D;
        const y = tf.depthwiseConv2d(x, filter, strides, pad, 'NHWC', dilations);
        const dy = values(rng, y.shape) as tf.Tensor4D;
        const attrs = { strides, pad, dilations, dimRoundingMode: undefined };
        return [
          tf.engine().runKernel(tf.DepthwiseConv2dNativeBackpropInput, { dy, filter }, {
            ...attrs,
            inputShape: x.shape,
          } as never),
          tf.engine().runKernel(tf.DepthwiseConv2dNativeBackpropFilter, { x, dy }, {
            ...attrs,
            filterShape: filter.shape,
          } as never),
        ] as tf.Tensor[];
      });
    },
  );

  it('identity shares memory and outlives its source', async () => {
    await tf.setBackend('wasm');
    const x = tf.tensor1d([1, 2, 3]);
    const before = tf.backend().numDataIds();
    const y = tf.clone(x);
    expect(tf.backend().numDataIds()).toBe(before);
    x.dispose();
    expect(Array.from(await y.data())).toEqual([1, 2, 3]);
    y.dispose();
    expect(tf.backend().numDataIds()).toBe(before - 1);
  });

  it('a cast to the same type shares memory, another one converts', async () => {
    await tf.setBackend('wasm');
    const x = tf.tensor1d([1.5, -2.25, 3]);
    const before = tf.backend().numDataIds();
    const same = tf.cast(x, 'float32');
    expect(tf.backend().numDataIds()).toBe(before);
    const whole = tf.cast(x, 'int32');
    x.dispose();
    expect(Array.from(await same.data())).toEqual([1.5, -2.25, 3]);
    expect([whole.dtype, ...(await whole.data())]).toEqual(['int32', 1, -2, 3]);
    tf.dispose([same, whole]);
    expect(tf.backend().numDataIds()).toBe(before - 1);
  });
});
