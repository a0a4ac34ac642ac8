import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { createRng } from '@opposable/tensor-checks';
import { groupNorm } from './ops/group-norm.js';
import { registerWasmTrainingKernels } from './register-wasm-training-kernels.js';
import { noise } from './test-support/compare.js';

const STEPS = 50;

/** A residual network with every kind of layer: strides, batch normalisation, pooling, depthwise, dense. */
function createModel(): layers.LayersModel {
  const seed = (n: number) => layers.initializers.heNormal({ seed: n });
  const conv = (filters: number, strides: number, n: number) =>
    layers.layers.conv2d({
      filters,
      kernelSize: 3,
      strides,
      padding: 'same',
      useBias: false,
      kernelInitializer: seed(n),
    });
  const norm = () => layers.layers.batchNormalization();
  const relu = () => layers.layers.activation({ activation: 'relu' });
  const input = layers.input({ shape: [8, 8, 3] });
  const through = (x: layers.SymbolicTensor, ...chain: { apply(x: unknown): unknown }[]) =>
    chain.reduce((value, layer) => layer.apply(value) as layers.SymbolicTensor, x);
  const stem = through(
    input,
    conv(6, 1, 1),
    norm(),
    relu(),
    layers.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
  );
  const block = through(stem, conv(6, 1, 2), norm(), relu(), conv(6, 1, 3), norm());
  const joined = through(layers.layers.add().apply([stem, block]) as layers.SymbolicTensor, relu());
  const separable = layers.layers.separableConv2d({
    filters: 8,
    kernelSize: 3,
    strides: 2,
    padding: 'same',
    activation: 'relu',
    depthwiseInitializer: seed(4),
    pointwiseInitializer: seed(5),
  });
  const pooled = through(joined, separable, layers.layers.averagePooling2d({ poolSize: 2 }), layers.layers.flatten());
  const output = through(pooled, layers.layers.dense({ units: 5, kernelInitializer: seed(6) }));
  return layers.model({ inputs: input, outputs: output });
}

/** Losses of a network from the same seed, over batches that are the same. */
async function lossCurve(backend: string): Promise<number[]> {
  await tf.setBackend(backend);
  await tf.ready();
  const rng = createRng('batches');
  const model = createModel();
  const optimizer = tf.train.adam(2e-3);
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const [scale, offset] = [tf.ones([5]), tf.zeros([5])];
  const losses: number[] = [];
  for (let i = 0; i < STEPS; i++) {
    const [x, y] = [noise(rng, [4, 8, 8, 3]), noise(rng, [4, 5])];
    const step = () => {
      const predicted = model.apply(x, { training: true }) as tf.Tensor;
      const normalized = groupNorm(predicted, scale, offset, { groups: 1, epsilon: 0.1 });
      return tf.mean<tf.Scalar>(tf.square(tf.sub(tf.add(predicted, normalized), y)));
    };
    const loss = optimizer.minimize(step, true, variables)!;
    losses.push((await loss.data())[0]!);
    tf.dispose([x, y, loss]);
  }
  tf.dispose([scale, offset]);
  optimizer.dispose();
  model.dispose();
  return losses;
}

describe('training from one seed', () => {
  it('gives the same loss on cpu and on wasm over 50 steps', async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
    const expected = await lossCurve('cpu');
    const actual = await lossCurve('wasm');
    expect(expected).toHaveLength(STEPS);
    expected.forEach((loss, i) => expect(Math.abs(actual[i]! - loss) / loss).toBeLessThan(1e-3));
    const mean = (part: number[]) => part.reduce((a, b) => a + b, 0) / part.length;
    expect(mean(expected.slice(-10))).toBeLessThan(0.8 * mean(expected.slice(0, 10))); // it is training that is compared
  }, 60_000);
});
