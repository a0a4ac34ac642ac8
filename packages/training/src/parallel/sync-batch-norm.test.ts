import * as tf from '@tensorflow/tfjs-core';
import {
  initializers,
  input,
  layers,
  model as createModel,
  sequential,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { fuseActivations } from '@opposable/wasm-training';
import { prepareBackend } from '../prepare-backend.js';
import { createAllReduce, joinAllReduce } from './all-reduce.js';
import { meanOverGroup, syncBatchNorm } from './sync-batch-norm.js';
import { syncBatchNormLayers } from './sync-batch-norm-layers.js';

const SHAPE = [4, 3, 2];
const VALUES = Float32Array.from({ length: 24 }, (_, i) => Math.sin(1.3 * i) + 0.1 * i);
const WEIGHTS = Float32Array.from({ length: 24 }, (_, i) => Math.cos(0.7 * i));
const [GAMMA, BETA, EPSILON] = [[1.5, -0.5], [0.2, 0.3], 1e-3];

const alone = () => joinAllReduce(createAllReduce(64, 1), 0);

/** Σ w·y of batch normalisation over all but the last axis, in float64. */
function reference(x: ArrayLike<number>): { y: number[]; mean: number[]; variance: number[]; loss: number } {
  const channels = [0, 1].map((c) => Array.from(x).filter((_, i) => i % 2 === c));
  const mean = channels.map((values) => values.reduce((a, b) => a + b, 0) / values.length);
  const variance = channels.map((values, c) => values.reduce((a, b) => a + (b - mean[c]!) ** 2, 0) / values.length);
  const y = Array.from(x, (value, i) => {
    const c = i % 2;
    return (GAMMA[c]! * (value - mean[c]!)) / Math.sqrt(variance[c]! + EPSILON) + BETA[c]!;
  });
  return { y, mean, variance, loss: y.reduce((sum, value, i) => sum + value * WEIGHTS[i]!, 0) };
}

const normalized = (x: tf.Tensor) =>
  syncBatchNorm(x, { member: alone(), gamma: tf.tensor1d(GAMMA), beta: tf.tensor1d(BETA), epsilon: EPSILON });

describe.each(['cpu', 'wasm'])('syncBatchNorm on %s', (backend) => {
  beforeAll(async () => {
    await import('@tensorflow/tfjs-backend-wasm');
    await prepareBackend(backend);
  });

  it('normalises by mean and variance, and gives both', async () => {
    const { normalized: y, mean, variance } = tf.tidy(() => normalized(tf.tensor(VALUES, SHAPE)));
    const expected = reference(VALUES);
    expect(y.shape).toEqual(SHAPE);
    (await y.data()).forEach((value, i) => expect(value).toBeCloseTo(expected.y[i]!, 5));
    (await mean.data()).forEach((value, i) => expect(value).toBeCloseTo(expected.mean[i]!, 5));
    (await variance.data()).forEach((value, i) => expect(value).toBeCloseTo(expected.variance[i]!, 5));
    tf.dispose([y, mean, variance]);
  });

  it('has the gradient of finite differences', async () => {
    const gradient = tf.tidy(() =>
      tf.grad((x) => tf.sum(tf.mul(normalized(x).normalized, tf.tensor(WEIGHTS, SHAPE))))(tf.tensor(VALUES, SHAPE)),
    );
    const values = await gradient.data();
    const step = 1e-6;
    VALUES.forEach((_, i) => {
      const moved = (by: number) => reference(Array.from(VALUES, (value, k) => (k === i ? value + by : value))).loss;
      expect(values[i]).toBeCloseTo((moved(step) - moved(-step)) / (2 * step), 4);
    });
    gradient.dispose();
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    for (let i = 0; i < 50; i++) tf.tidy(() => void normalized(tf.tensor(VALUES, SHAPE)));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('in the layers of a model does with one replica what they did before, moving averages included', async () => {
    const build = () => {
      const model = sequential({ layers: [layers.batchNormalization({ inputShape: [3, 2], momentum: 0.8 })] });
      const weights = [GAMMA, BETA].map((values) => tf.tensor1d(values));
      model.layers[0]!.setWeights([...weights, tf.zeros([2]), tf.ones([2])]);
      return model;
    };
    const [plain, synced] = [build(), build()];
    const member = alone();
    expect(syncBatchNormLayers(synced, () => member)).toBe(1);
    for (const training of [true, false]) {
      const [a, b] = [plain, synced].map((model) =>
        tf.tidy(() => model.apply(tf.tensor(VALUES, SHAPE), { training }) as tf.Tensor),
      );
      const [first, second] = [await a!.data(), await b!.data()];
      first.forEach((value, i) => expect(second[i]).toBeCloseTo(value, 5));
    }
    const [first, second] = [plain, synced].map((model) => model.getWeights().map((weight) => weight.dataSync()));
    first!.forEach((values, w) => values.forEach((value, i) => expect(second![w]![i]).toBeCloseTo(value, 5)));
  });
});

describe('syncBatchNormLayers', () => {
  it('of a model whose activations are fused gives the same results, gradients and moving averages', async () => {
    await prepareBackend('wasm');
    const build = () => {
      const images = input({ shape: [6, 6, 3] });
      const of = (x: unknown) => x as SymbolicTensor;
      const normalised = (x: SymbolicTensor, seed: number) => {
        const kernelInitializer = initializers.heNormal({ seed });
        const y = layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', kernelInitializer }).apply(x);
        return of(layers.batchNormalization({ momentum: 0.8 }).apply(y));
      };
      const first = of(layers.reLU().apply(normalised(images, 1)));
      const sum = layers.add().apply([first, normalised(first, 2)]);
      return createModel({ inputs: images, outputs: of(layers.reLU().apply(sum)) });
    };
    const [plain, synced] = [build(), build()];
    expect(fuseActivations(synced)).toBe(2);
    const member = alone();
    expect(syncBatchNormLayers(synced, () => member)).toBe(2);
    const x = tf.tidy(() => tf.reshape(tf.sin(tf.range(0, 2 * 6 * 6 * 3)), [2, 6, 6, 3]));
    const numbersOf = async (model: typeof plain) => {
      const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
      const loss = () => tf.mean<tf.Scalar>(tf.square(model.apply(x, { training: true }) as tf.Tensor));
      const { value, grads } = tf.variableGrads(loss, variables);
      const tensors = [value, ...variables.map(({ name }) => grads[name]!), ...model.getWeights()];
      const numbers = await Promise.all(tensors.map(async (tensor) => [...(await tensor.data())]));
      tf.dispose([value, grads]);
      return numbers.flat();
    };
    const [expected, found] = [await numbersOf(plain), await numbersOf(synced)];
    expect(found).toHaveLength(expected.length);
    found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    x.dispose();
  });
});

describe('meanOverGroup', () => {
  it('refuses a backend whose memory it cannot see', async () => {
    await prepareBackend('cpu');
    const x = tf.scalar(1);
    tf.registerBackend('elsewhere', () => tf.engine().findBackend('cpu'));
    await tf.setBackend('elsewhere');
    const message = 'syncBatchNorm: expected backend "wasm" or "cpu", got "elsewhere".';
    expect(() => meanOverGroup(alone(), x)).toThrow(message);
    await tf.setBackend('cpu');
  });
});
