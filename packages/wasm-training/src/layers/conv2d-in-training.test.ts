import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '../register-wasm-training-kernels.js';
import { growthOver50Runs, noise, relativeError } from '../test-support/compare.js';

const seeded = (seed: number) => initializers.heNormal({ seed });

describe('a Conv2D layer in training', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  it.each(['channelsLast', 'channelsFirst'] as const)(
    'computes no gradient of images that nobody asks for, %s',
    async (dataFormat) => {
      const shape = dataFormat === 'channelsLast' ? [2, 8, 8, 3] : [2, 3, 8, 8];
      const layer = layers.conv2d({ filters: 4, kernelSize: 3, dataFormat, kernelInitializer: seeded(1) });
      const x = noise(createRng('images'), shape);
      const loss = (of: tf.Tensor) => tf.sum<tf.Scalar>(tf.square(layer.apply(of) as tf.Tensor));
      loss(x).dispose();
      const kernelsOf = async (f: () => tf.TensorContainer) => (await tf.profile(() => tf.tidy(f))).kernelNames;
      const weights = await kernelsOf(() => tf.variableGrads(() => loss(x)).value);
      expect(weights).toContain('Conv2DBackpropFilter');
      expect(weights).not.toContain('Conv2DBackpropInput');
      expect(await kernelsOf(() => tf.grad(loss)(x))).toContain('Conv2DBackpropInput');
      x.dispose();
      layer.dispose();
    },
  );

  it.each([
    ['channelsLast', 1],
    ['channelsFirst', 1],
    ['channelsFirst', 2],
  ] as const)('takes its softmax along the axis of inference, %s, dilation %d', async (dataFormat, dilationRate) => {
    const of = { filters: 4, kernelSize: 3, dilationRate, dataFormat, activation: 'softmax' } as const;
    const layer = layers.conv2d({ ...of, kernelInitializer: seeded(2) });
    const x = noise(createRng('softmax'), dataFormat === 'channelsLast' ? [2, 8, 7, 3] : [2, 3, 8, 7]);
    const inferred = layer.apply(x) as tf.Tensor;
    const { value, grad } = tf.valueAndGrad((a: tf.Tensor) => layer.apply(a) as tf.Tensor)(x);
    expect(relativeError(await value.data(), await inferred.data())).toBeLessThan(1e-5);
    tf.dispose([x, inferred, value, grad]);
    layer.dispose();
  });
});

describe('a Conv2D layer with dilation', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  it.each([
    ['linear', [2, 2], 'same', 'channelsLast'],
    ['linear', [1, 3], 'valid', 'channelsLast'],
    ['relu', [3, 2], 'same', 'channelsLast'],
    ['elu', [2, 2], 'valid', 'channelsLast'],
    ['tanh', [2, 1], 'same', 'channelsLast'],
    ['linear', [2, 3], 'same', 'channelsFirst'],
  ] as const)('of activation %s, dilation %j, %s, %s has the gradient of differences', async (...what) => {
    const [activation, dilationRate, padding, dataFormat] = what;
    const rng = createRng(what.join());
    const layer = layers.conv2d({
      ...{ filters: 4, kernelSize: 3, dilationRate: [...dilationRate], padding, dataFormat, activation },
      ...{ kernelInitializer: seeded(1), biasInitializer: 'ones' },
    });
    const x = noise(rng, dataFormat === 'channelsLast' ? [2, 9, 8, 3] : [2, 3, 9, 8]);
    const inferred = layer.apply(x) as tf.Tensor;
    const weights = noise(rng, inferred.shape);
    const loss = (a: tf.Tensor) => tf.sum<tf.Scalar>(tf.mul(layer.apply(a) as tf.Tensor, weights));
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    expect(variables).toHaveLength(2);
    const trained = tf.valueAndGrad((a: tf.Tensor) => layer.apply(a) as tf.Tensor)(x, weights);
    expect(relativeError(await trained.value.data(), await inferred.data())).toBeLessThan(1e-5);
    const { grads } = tf.variableGrads(() => loss(x), variables);
    const step = 1e-2;
    const expectSlope = async (gradient: tf.Tensor, lossAt: (by: tf.Tensor) => tf.Tensor): Promise<void> => {
      // Of unit length, so that a ReLU changes its side seldom.
      const direction = tf.tidy(() => {
        const any = noise(rng, gradient.shape);
        return tf.div<tf.Tensor>(any, tf.norm(any));
      });
      const numeric = tf.tidy(() => {
        const [up, down] = [step, -step].map((by) => lossAt(tf.mul(direction, by))) as [tf.Tensor, tf.Tensor];
        return tf.div(tf.sub(up, down), 2 * step);
      });
      const analytic = tf.tidy(() => tf.sum(tf.mul(gradient, direction)));
      const length = tf.tidy(() => tf.norm(gradient));
      const [[found], [expected], [size]] = await Promise.all([numeric.data(), analytic.data(), length.data()]);
      expect(Math.abs(found! - expected!)).toBeLessThan(1e-2 * size!);
      tf.dispose([direction, numeric, analytic, length]);
    };
    await expectSlope(trained.grad, (by) => loss(tf.add(x, by)));
    for (const variable of variables) {
      const origin = variable.clone();
      await expectSlope(grads[variable.name]!, (by) => {
        variable.assign(tf.add(origin, by));
        return loss(x);
      });
      variable.assign(origin);
      origin.dispose();
    }
    tf.dispose([x, weights, inferred, trained.value, trained.grad, grads]);
    layer.dispose();
  });

  it('trains with model.fit, before a normalisation and beside a separable one', async () => {
    const model = sequential();
    const of = { filters: 6, kernelSize: 3, dilationRate: 2, padding: 'same' } as const;
    model.add(layers.conv2d({ ...of, inputShape: [8, 8, 2], useBias: false, kernelInitializer: seeded(1) }));
    model.add(layers.batchNormalization());
    model.add(layers.reLU());
    model.add(layers.separableConv2d({ ...of, depthwiseInitializer: seeded(2), pointwiseInitializer: seeded(3) }));
    model.add(layers.globalAveragePooling2d({}));
    model.add(layers.dense({ units: 2, kernelInitializer: seeded(4) }));
    model.compile({ optimizer: tf.train.adam(0.02), loss: 'meanSquaredError' });
    const rng = createRng('fit');
    const [x, y] = [noise(rng, [8, 8, 8, 2]), noise(rng, [8, 2])];
    const { history } = await model.fit(x, y, { epochs: 20, batchSize: 8, shuffle: false, verbose: 0 });
    const losses = history['loss'] as number[];
    expect(losses.at(-1)!).toBeLessThan(0.8 * losses[0]!);
    tf.dispose([x, y]);
    model.dispose();
  });

  it('leaks nothing', () => {
    const layer = layers.conv2d({ filters: 3, kernelSize: 3, dilationRate: 2, padding: 'same' });
    const x = noise(createRng('leak'), [1, 6, 6, 2]);
    const step = () => tf.grad((a: tf.Tensor) => layer.apply(a) as tf.Tensor)(x);
    expect(growthOver50Runs(step)).toEqual({ tensors: 0, buffers: 0 });
    x.dispose();
    layer.dispose();
  });

  it('stays on another backend as it was', async () => {
    await tf.setBackend('cpu');
    const layer = layers.conv2d({ filters: 3, kernelSize: 3, dilationRate: 2, padding: 'same' });
    const x = noise(createRng('cpu'), [1, 6, 6, 2]);
    expect((layer.apply(x) as tf.Tensor).shape).toEqual([1, 6, 6, 3]);
    expect(() => tf.grad((a: tf.Tensor) => layer.apply(a) as tf.Tensor)(x)).toThrow('dilation rates greater than 1');
    await tf.setBackend('wasm');
  });
});
