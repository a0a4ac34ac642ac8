import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { createRng } from '@opposable/tensor-checks';
import { batchNormTraining } from '../ops/batch-norm-training.js';
import { foldBatchNorm } from '../ops/fold-batch-norm.js';
import { groupNorm } from '../ops/group-norm.js';
import { runKernel } from '../ops/registered-kernel.js';
import { registerWasmTrainingKernels } from '../register-wasm-training-kernels.js';
import { expectAsOnHost, growthOver50Runs, noise, relativeError, underGuards } from '../test-support/compare.js';
import { RUNNING_AVERAGE } from './running-average.js';

const rng = createRng('normalisation');
const numbers = (shape: number[], mean = 0, deviation = 1) => ({
  shape,
  values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => mean + deviation * rng.normal()),
});

/** Every number in turn as (sample, place, channel). */
function forEachElement(shape: number[], f: (i: number, sample: number, channel: number) => void): void {
  const channels = shape[shape.length - 1]!;
  const perSample = shape.reduce((a, b) => a * b, 1) / shape[0]!;
  for (let i = 0; i < perSample * shape[0]!; i++) f(i, Math.floor(i / perSample), i % channels);
}

/** y of both normalisations: those numbers that `groupOf` gives the same group share mean and variance. */
function normalised(
  shape: number[],
  x: Readonly<Record<'x' | 'scale' | 'offset', Float64Array>>,
  groupOf: (sample: number, channel: number) => number,
  epsilon: number,
): Float64Array {
  const sums = new Map<number, { count: number; sum: number; squares: number }>();
  const of = (sample: number, channel: number) => {
    const group = groupOf(sample, channel);
    if (!sums.has(group)) sums.set(group, { count: 0, sum: 0, squares: 0 });
    return sums.get(group)!;
  };
  forEachElement(shape, (i, sample, channel) => {
    const group = of(sample, channel);
    group.count++;
    group.sum += x.x[i]!;
  });
  forEachElement(shape, (i, sample, channel) => {
    const group = of(sample, channel);
    group.squares += (x.x[i]! - group.sum / group.count) ** 2;
  });
  const y = new Float64Array(x.x.length);
  forEachElement(shape, (i, sample, channel) => {
    const { count, sum, squares } = of(sample, channel);
    y[i] = (x.scale[channel]! * (x.x[i]! - sum / count)) / Math.sqrt(squares / count + epsilon) + x.offset[channel]!;
  });
  return y;
}

const batchCases: [number[], number][] = [
  [[1, 2, 2, 1], 0],
  [[2, 3, 5, 3], 0],
  [[1, 7, 3, 5], 2],
  [[40, 5], -1],
  [[3, 2, 1, 64], 0],
  [[3, 5, 24], 10],
];
const groupCases: [number[], number][] = [
  [[1, 2, 2, 1], 1],
  [[2, 3, 5, 6], 3],
  [[3, 7, 4], 1],
  [[2, 5, 5, 5], 5],
  [[3, 8], 2],
  [[2, 2, 1, 64], 8],
];

describe.each(['cpu', 'wasm'])('normalisation on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });
  const guarded = async (f: () => Promise<void>) => {
    if (backend === 'wasm') return underGuards(f);
    await tf.setBackend(backend);
    return f();
  };

  it.each(batchCases)('batchNormTraining of %j around %d equals float64 and its differences', async (shape, mean) => {
    const channels = shape[shape.length - 1]!;
    await guarded(() =>
      expectAsOnHost({
        inputs: { x: numbers(shape, mean), scale: numbers([channels], 1, 0.3), offset: numbers([channels]) },
        onTensors: ({ x, scale, offset }) => batchNormTraining(x, scale, offset, { epsilon: 1e-2 }).y,
        onHost: (x) => normalised(shape, x, (_sample, channel) => channel, 1e-2),
        differentiated: ['x', 'scale', 'offset'],
        tolerance: 2e-4,
      }),
    );
  });

  it.each(batchCases)('batchNormTraining of %j around %d with a ReLU equals float64', async (shape, mean) => {
    const channels = shape[shape.length - 1]!;
    for (const withResidual of [false, true]) {
      await guarded(() =>
        expectAsOnHost({
          inputs: {
            x: numbers(shape, mean),
            scale: numbers([channels], 1, 0.3),
            offset: numbers([channels]),
            residual: numbers(shape, 0.5),
          },
          onTensors: ({ x, scale, offset, residual }) => {
            const options = { epsilon: 1e-2, activation: 'relu' as const, ...(withResidual ? { residual } : {}) };
            const { y } = batchNormTraining(x, scale, offset, options);
            return withResidual ? y : tf.add(y, tf.mul(residual, 0));
          },
          onHost: (x) =>
            normalised(shape, x, (_sample, channel) => channel, 1e-2).map((value, i) =>
              Math.max(0, value + (withResidual ? x.residual[i]! : 0)),
            ),
          differentiated: ['x', 'scale', 'offset', 'residual'],
          tolerance: 2e-4,
        }),
      );
    }
  });

  it.each(groupCases)('groupNorm of %j in %d groups equals float64 and its differences', async (shape, groups) => {
    const channels = shape[shape.length - 1]!;
    await guarded(() =>
      expectAsOnHost({
        inputs: { x: numbers(shape, 1), scale: numbers([channels], 1, 0.3), offset: numbers([channels]) },
        onTensors: ({ x, scale, offset }) => groupNorm(x, scale, offset, { groups, epsilon: 1e-2 }),
        onHost: (x) => normalised(shape, x, (sample, c) => sample * groups + Math.floor((c * groups) / channels), 1e-2),
        differentiated: ['x', 'scale', 'offset'],
        tolerance: 2e-4,
      }),
    );
  });

  it('leaks nothing, and passes no gradient through the statistics', async () => {
    await tf.setBackend(backend);
    const [x, scale, offset] = [noise(createRng(1), [4, 6, 6, 5]), tf.ones([5]), tf.zeros([5])];
    const loss = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) =>
      tf.sum(tf.square(groupNorm(batchNormTraining(a, b, c).y, b, c, { groups: 5 })));
    expect(growthOver50Runs(() => tf.tidy(() => tf.grads(loss)([x, scale, offset])))).toEqual({
      tensors: 0,
      buffers: 0,
    });
    const through = tf.grad((a: tf.Tensor) => {
      const { y, mean, variance } = batchNormTraining(a, scale, offset);
      return tf.add(tf.add(tf.sum(tf.mul(y, 0)), tf.sum(mean)), tf.sum(variance));
    })(x);
    expect(relativeError(await through.data(), new Float32Array(x.size))).toBe(0);
    tf.dispose([x, scale, offset, through]);
  });

  it('foldBatchNorm gives the convolution that the two layers are together', async () => {
    await tf.setBackend(backend);
    const seeded = createRng('fold');
    const make = (shape: number[]) => noise(seeded, shape);
    const norm = {
      mean: make([6]),
      variance: tf.abs(make([6])),
      scale: make([6]),
      offset: make([6]),
      epsilon: 1e-3,
    };
    const vectors = [norm.mean, norm.variance, norm.offset, norm.scale] as [
      tf.Tensor1D,
      tf.Tensor1D,
      tf.Tensor1D,
      tf.Tensor1D,
    ];
    const x = make([2, 5, 5, 3]) as tf.Tensor4D;
    const bias = make([6]);
    const [full, depthwise] = [make([3, 3, 3, 6]), make([3, 3, 3, 2])] as [tf.Tensor4D, tf.Tensor4D];
    const folded = foldBatchNorm(full, bias, norm);
    const foldedDepthwise = foldBatchNorm(depthwise, undefined, norm);
    const pairs: [tf.Tensor, tf.Tensor][] = [
      [
        tf.add(tf.conv2d(x, folded.filter as tf.Tensor4D, 1, 'same'), folded.bias),
        tf.batchNorm(tf.add(tf.conv2d(x, full, 1, 'same'), bias), ...vectors, 1e-3),
      ],
      [
        tf.add(tf.depthwiseConv2d(x, foldedDepthwise.filter as tf.Tensor4D, 1, 'same'), foldedDepthwise.bias),
        tf.batchNorm(tf.depthwiseConv2d(x, depthwise, 1, 'same'), ...vectors, 1e-3),
      ],
    ];
    for (const [actual, expected] of pairs) {
      expect(relativeError(await actual.data(), await expected.data())).toBeLessThan(1e-5);
    }
    expect(() => foldBatchNorm(make([3, 3, 3, 5]), bias, norm)).toThrow(
      'foldBatchNorm: expected a filter of 6 output channels, got shape [3, 3, 3, 5].',
    );
  });
});

describe('normalisation on wasm', () => {
  it('has gradients of second order through relu, gather, batch and group normalisation as on cpu', async () => {
    const onBackend = async (backend: string) => {
      await tf.setBackend(backend);
      const seeded = createRng('second order');
      const [x, scale, offset] = [noise(seeded, [6, 4]), noise(seeded, [4]), noise(seeded, [4])];
      const vector = (a: tf.Tensor) => a as tf.Tensor1D;
      const f = (a: tf.Tensor) => {
        const { y } = batchNormTraining(a, scale, offset, { epsilon: 0.1 });
        const grouped = groupNorm(tf.relu(y), scale, offset, { groups: 2, epsilon: 0.1 });
        const { mean, variance } = tf.moments(grouped, 0);
        const fixed = tf.batchNorm(grouped, vector(mean), vector(variance), vector(offset), vector(scale), 0.1);
        return tf.sum(tf.square(tf.gather(fixed, tf.tensor1d([0, 2, 2, 5], 'int32'))));
      };
      const penalty = (a: tf.Tensor) => tf.sum(tf.square(tf.grad(f)(a)));
      return (await tf.grad(penalty)(x).data()) as Float32Array;
    };
    const expected = await onBackend('cpu');
    expect(relativeError(await onBackend('wasm'), expected)).toBeLessThan(1e-3);
  });

  it('takes an empty batch', async () => {
    await tf.setBackend('wasm');
    const [x, scale, offset] = [tf.zeros([0, 3, 4]), tf.ones([4]), tf.zeros([4])];
    expect(groupNorm(x, scale, offset, { groups: 2 }).shape).toEqual([0, 3, 4]);
    expect(batchNormTraining(x, scale, offset).y.shape).toEqual([0, 3, 4]);
    expect(Array.from(await tf.mean(tf.zeros([2, 0]), 1).data())).toEqual([0, 0]);
  });

  it('keeps a small variance of large numbers', async () => {
    await tf.setBackend('wasm');
    const x = tf.tidy(() => tf.add(tf.mul(noise(createRng('large'), [4096, 3]), 0.01), 1000));
    const host = await x.data();
    const { y, mean, variance } = batchNormTraining(x, tf.ones([3]), tf.zeros([3]), { epsilon: 1e-9 });
    for (let c = 0; c < 3; c++) {
      const column = Array.from({ length: 4096 }, (_, i) => host[3 * i + c]!);
      const average = column.reduce((a, b) => a + b) / 4096;
      const spread = column.reduce((sum, value) => sum + (value - average) ** 2, 0) / 4096;
      expect(Math.abs((await mean.data())[c]! - average)).toBeLessThan(1e-4);
      expect(Math.abs((await variance.data())[c]! / spread - 1)).toBeLessThan(1e-3);
    }
    const squares = tf.mean(tf.square(y), 0);
    expect(relativeError(await squares.data(), [1, 1, 1])).toBeLessThan(1e-2);
  });

  it('tf.batchNorm and its gradient keep to the cpu backend on large numbers', async () => {
    const onBackend = async (backend: string) => {
      await tf.setBackend(backend);
      const seeded = createRng('inference');
      const x = tf.add<tf.Tensor4D>(noise(seeded, [3, 5, 5, 6]), 300);
      const [mean, variance, offset, scale] = [
        tf.fill([6], 300),
        tf.fill([6], 2),
        noise(seeded, [6]),
        noise(seeded, [6]),
      ];
      const f = (a: tf.Tensor, m: tf.Tensor, v: tf.Tensor, o: tf.Tensor, s: tf.Tensor) =>
        tf.batchNorm(a as tf.Tensor4D, m as tf.Tensor1D, v as tf.Tensor1D, o as tf.Tensor1D, s as tf.Tensor1D, 1e-3);
      const gradients = tf.grads(f)([x, mean, variance, offset, scale], noise(seeded, x.shape));
      return Promise.all([f(x, mean, variance, offset, scale), ...gradients].map((tensor) => tensor.data()));
    };
    const expected = await onBackend('cpu');
    (await onBackend('wasm')).forEach((found, k) => expect(relativeError(found, expected[k]!)).toBeLessThan(1e-4));
  });

  it.each([
    [{}, [6, 4, 4, 5]],
    [{ momentum: 0.7, epsilon: 0.01 }, [9, 3]],
  ])('a BatchNormalization layer with %j trains as on cpu', async (config, shape) => {
    const onBackend = async (backend: string) => {
      await tf.setBackend(backend);
      const layer = layers.layers.batchNormalization(config);
      const x = tf.add(noise(createRng('layer'), shape), 2);
      const dy = noise(createRng('dy'), shape);
      layer.build(x.shape);
      const apply = (a: tf.Tensor) => layer.apply(a, { training: true }) as tf.Tensor;
      const gradient = tf.grad(apply)(x, dy);
      const outputs = [gradient, apply(x), ...layer.getWeights()];
      return Promise.all(outputs.map((tensor) => tensor.data()));
    };
    const expected = await onBackend('cpu');
    const actual = await onBackend('wasm');
    expect(actual).toHaveLength(expected.length);
    actual.forEach((found, k) => expect(relativeError(found, expected[k]!)).toBeLessThan(1e-4));
  });

  it('a BatchNormalization layer calls one kernel forward and one backward', async () => {
    await tf.setBackend('wasm');
    const layer = layers.layers.batchNormalization();
    const x = noise(createRng('layer'), [4, 6, 6, 5]);
    layer.build(x.shape);
    const profile = await tf.profile(() =>
      tf.grad((a: tf.Tensor) => layer.apply(a, { training: true }) as tf.Tensor)(x),
    );
    expect(profile.kernelNames).toEqual(expect.arrayContaining(['OpposableBatchNorm', 'OpposableBatchNormGrad']));
    expect(profile.kernelNames).not.toContain('FusedBatchNorm');
  });

  it('moves running averages as three operations would, bit for bit, and saves nothing for it', async () => {
    const momentum = 0.93;
    const { values } = numbers([70], 3, 2);
    const [average, x] = [tf.variable(tf.tensor1d(values)), tf.variable(noise(createRng('value'), [70]))];
    const asOperations = tf.tidy(() => tf.sub(average, tf.mul(tf.sub(average, x), 1 - momentum)));
    const taken: tf.Tensor[] = [];
    const { grads } = tf.variableGrads(() => {
      const before = tf.memory().numTensors;
      const next = runKernel<tf.Tensor>(RUNNING_AVERAGE, { average, value: x }, { momentum });
      expect(tf.memory().numTensors - before).toBe(1);
      taken.push(tf.keep(next));
      return tf.sum<tf.Scalar>(tf.square(x));
    }, [x]);
    expect(await taken[0]!.data()).toEqual(await asOperations.data());
    expect(
      relativeError(
        await grads[x.name]!.data(),
        (await x.data()).map((value) => 2 * value),
      ),
    ).toBeLessThan(1e-6);
    tf.dispose([average, x, asOperations, taken, grads]);
  });

  it('refuses wrong shapes in one sentence', () => {
    const [x, one] = [tf.zeros([2, 3, 4]), tf.ones([4])];
    expect(() => batchNormTraining(x, tf.ones([3]), one)).toThrow(
      'batchNormTraining: expected scale of shape [4], got [3].',
    );
    expect(() => groupNorm(x, one, tf.ones([3]), { groups: 2 })).toThrow(
      'groupNorm: expected offset of shape [4], got [3].',
    );
    expect(() => groupNorm(x, one, one, { groups: 3 })).toThrow(
      'groupNorm: expected groups to divide the 4 channels, got 3.',
    );
  });
});
