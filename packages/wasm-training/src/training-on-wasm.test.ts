import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { jest } from '@jest/globals';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels, registerWasmTrainingKernelsAsync } from './register-wasm-training-kernels.js';

/** As they were shipped, by name. */
const shipped = new Map(tf.getKernelsForBackend('wasm').map((kernel) => [kernel.kernelName, kernel]));

const rng = createRng('training');
const values = (shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
    shape,
  );

/** Convolutions of every kind, batch normalisation, pooling, gather, dense layers. */
function createNetwork() {
  const shapes = {
    stem: [5, 5, 3, 8],
    depthwise: [3, 3, 8, 1],
    point: [1, 1, 8, 12],
    block: [3, 3, 12, 12],
    dense: [12, 4],
  };
  const weights = Object.values(shapes).map((shape) =>
    tf.tidy(() => tf.variable(tf.mul(values(shape), 0.3), true, undefined, 'float32')),
  );
  const scale = tf.tidy(() => tf.variable(tf.ones([12])));
  const offset = tf.tidy(() => tf.variable(tf.zeros([12])));
  const loss = (x: tf.Tensor4D, y: tf.Tensor2D): tf.Scalar =>
    tf.tidy(() => {
      const [stem, depthwise, point, block, dense] = weights as unknown as tf.Tensor4D[];
      let h = tf.relu(tf.conv2d(x, stem!, 2, 'same'));
      h = tf.relu(tf.depthwiseConv2d(h, depthwise!, 1, 'same'));
      h = tf.conv2d(h, point!, 1, 'same');
      const { mean, variance } = tf.moments(h, [0, 1, 2]);
      h = tf.relu(tf.batchNorm(h, mean as tf.Tensor1D, variance as tf.Tensor1D, offset, scale, 1e-3) as tf.Tensor4D);
      h = tf.add(h, tf.conv2d(h, block!, 1, 'same'));
      h = tf.maxPool(h, 3, 2, 'same');
      const features = tf.gather<tf.Tensor2D>(tf.mean(h, [1, 2]), [0, 1, 1, 3], 0);
      return tf.mean<tf.Scalar>(tf.square(tf.sub(tf.matMul(features, dense as unknown as tf.Tensor2D), y)));
    });
  const variables: tf.Variable[] = [...weights, scale, offset];
  return { loss, variables };
}

describe('training on wasm', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  it('keeps the counts of tensors and of buffers flat over 50 Adam steps, while the loss falls', async () => {
    const { loss, variables } = createNetwork();
    const x = values([4, 16, 16, 3]) as tf.Tensor4D;
    const y = values([4, 4]) as tf.Tensor2D;
    const optimizer = tf.train.adam(3e-3);
    const step = async () => {
      const value = optimizer.minimize(() => loss(x, y), true, variables)!;
      const [number] = await value.data();
      value.dispose();
      return number!;
    };
    const first = await step();
    const tensors = tf.memory().numTensors;
    const bytes = tf.memory().numBytes;
    const buffers = tf.backend().numDataIds();
    let last = first;
    for (let i = 0; i < 50; i++) last = await step();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(tf.memory().numBytes).toBe(bytes);
    expect(tf.backend().numDataIds()).toBe(buffers);
    expect(last).toBeLessThan(0.5 * first);
    optimizer.dispose();
    tf.dispose([x, y, variables]);
  });

  it('gives the gradient that central differences give', async () => {
    const { loss, variables } = createNetwork();
    const x = values([4, 16, 16, 3]) as tf.Tensor4D;
    const y = values([4, 4]) as tf.Tensor2D;
    const { grads, value } = tf.variableGrads(() => loss(x, y), variables);
    const read = async () => {
      const result = loss(x, y);
      const [number] = await result.data();
      result.dispose();
      return number!;
    };
    for (const variable of variables) {
      // Along a random direction of unit length, so that single-precision losses still resolve the difference.
      const direction = tf.tidy(() => {
        const d = values(variable.shape);
        return tf.div<tf.Tensor>(d, tf.norm(d));
      });
      const origin = variable.clone();
      const at = async (t: number) => {
        tf.tidy(() => variable.assign(tf.add(origin, tf.mul(direction, t))));
        return read();
      };
      const h = 4e-3;
      const numeric = ((await at(h)) - (await at(-h))) / (2 * h);
      variable.assign(origin);
      const analytic = tf.tidy(() => tf.sum(tf.mul(grads[variable.name]!, direction)));
      const [expected] = await analytic.data();
      const norm = tf.tidy(() => tf.norm(grads[variable.name]!));
      const [length] = await norm.data();
      expect(Math.abs(numeric - expected!)).toBeLessThan(1e-2 * Math.max(length!, 0.1));
      tf.dispose([direction, origin, analytic, norm]);
    }
    tf.dispose([x, y, value, grads, variables]);
  });

  it('trains a tfjs-layers model with model.fit', async () => {
    const model = layers.sequential();
    const seed = (n: number) => layers.initializers.heNormal({ seed: n });
    model.add(
      layers.layers.conv2d({
        inputShape: [12, 12, 1],
        filters: 8,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        activation: 'relu',
        kernelInitializer: seed(1),
      }),
    );
    model.add(layers.layers.batchNormalization({}));
    model.add(
      layers.layers.separableConv2d({
        filters: 12,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        depthwiseInitializer: seed(2),
        pointwiseInitializer: seed(3),
      }),
    );
    model.add(layers.layers.maxPooling2d({ poolSize: 2 }));
    model.add(layers.layers.flatten({}));
    model.add(layers.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: seed(4) }));
    model.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    // Vertical against horizontal stripes.
    const count = 64;
    const images = new Float32Array(count * 144);
    for (let n = 0; n < count; n++) {
      const phase = rng.integer(0, 3);
      for (let i = 0; i < 144; i++) {
        const position = n % 2 === 0 ? i % 12 : Math.floor(i / 12);
        images[n * 144 + i] = ((position + phase) % 4 < 2 ? 1 : 0) + 0.3 * rng.normal();
      }
    }
    const x = tf.tensor4d(images, [count, 12, 12, 1]);
    const y = tf.tensor2d(Array.from({ length: count }, (_, n) => (n % 2 === 0 ? [1, 0] : [0, 1])));
    const history = await model.fit(x, y, { epochs: 8, batchSize: 16, shuffle: false, verbose: 0 });
    const losses = history.history['loss'] as number[];
    expect(losses[losses.length - 1]).toBeLessThan(0.3 * losses[0]!);
    tf.dispose([x, y]);
    model.dispose();
  });
});

describe('registerWasmTrainingKernels', () => {
  it('may be called again', async () => {
    await tf.setBackend('wasm');
    registerWasmTrainingKernels();
    const kernel = tf.getKernel(tf.Conv2DBackpropFilter, 'wasm');
    registerWasmTrainingKernels();
    expect(tf.getKernel(tf.Conv2DBackpropFilter, 'wasm')).toBe(kernel);
  });

  it('registers nothing on another backend, and says why', async () => {
    await tf.setBackend('cpu');
    const before = tf.getKernelsForBackend('cpu').length;
    expect(registerWasmTrainingKernels()).toEqual({
      registered: false,
      reason: 'The active backend is "cpu", not "wasm".',
    });
    expect(tf.getKernelsForBackend('cpu').length).toBe(before);
    await tf.setBackend('wasm');
  });

  it('registers nothing in an engine without SIMD, and says why', async () => {
    await tf.setBackend('wasm');
    const before = tf.getKernelsForBackend('wasm');
    const validate = jest.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    try {
      const refusal = { registered: false, reason: 'This engine has no WebAssembly SIMD.' };
      expect(registerWasmTrainingKernels()).toEqual(refusal);
      expect(await registerWasmTrainingKernelsAsync()).toEqual(refusal);
    } finally {
      validate.mockRestore();
    }
    expect(tf.getKernelsForBackend('wasm')).toEqual(before);
  });

  /* prettier-ignore */
  const own = [
    tf.Conv2D, tf.FusedConv2D, tf.Conv2DBackpropInput, tf.Conv2DBackpropFilter, tf.DepthwiseConv2dNative, tf.FusedDepthwiseConv2D,
    tf.DepthwiseConv2dNativeBackpropFilter, tf.DepthwiseConv2dNativeBackpropInput, tf.BatchMatMul, tf._FusedMatMul, tf.FusedBatchNorm,
    'OpposableBatchNorm', 'OpposableBatchNormGrad', 'OpposableBatchNormRelu', 'OpposableBatchNormReluGrad', 'OpposableGroupNorm',
    'OpposableGroupNormGrad', tf.MaxPoolGrad, tf.AvgPoolGrad, tf.ResizeBilinearGrad, tf.UnsortedSegmentSum, tf.Einsum, tf.GatherV2,
    'OpposableGatherGrad', 'OpposableBilinearSample', 'OpposableBilinearPointGrad', 'OpposableBilinearImageGrad',
    'OpposableCsrTimesDense', 'OpposableCsrTransposedTimesDense', 'OpposableCsrValuesGrad', 'OpposableAdam', 'OpposableSgd',
    'OpposableClipByGlobalNorm', tf.Concat, tf.SplitV, tf.Slice, tf.PadV2, tf.Tile, tf.Identity, tf.Transform, tf.Sum, tf.Mean,
    tf.Add, tf.Sub, tf.Multiply, tf.RealDiv, tf.Prelu,
  ];
  it.each(own)('registers a kernel of its own for %s', async (name) => {
    await tf.setBackend('wasm');
    registerWasmTrainingKernels();
    const kernel = tf.getKernel(name, 'wasm');
    expect(kernel).toBeDefined();
    expect(kernel).not.toBe(shipped.get(name));
  });

  it('has a form that compiles without blocking', async () => {
    expect(await registerWasmTrainingKernelsAsync()).toEqual(registerWasmTrainingKernels());
    expect(registerWasmTrainingKernels().registered).toBe(true);
  });

  it('refuses channels first', () => {
    const x = tf.zeros<tf.Rank.R4>([1, 3, 4, 4]);
    expect(() =>
      tf.engine().runKernel(
        tf.Conv2DBackpropFilter,
        { x, dy: x },
        {
          strides: 1,
          pad: 'same',
          dataFormat: 'NCHW',
          filterShape: [1, 1, 3, 3],
        },
      ),
    ).toThrow('Conv2DBackpropFilter: expected dataFormat "NHWC" on the wasm backend, got "NCHW".');
    x.dispose();
  });
});
