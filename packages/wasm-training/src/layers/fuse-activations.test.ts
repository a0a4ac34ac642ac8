import * as tf from '@tensorflow/tfjs-core';
import { initializers, input, layers, type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '../register-wasm-training-kernels.js';
import { noise, relativeError } from '../test-support/compare.js';
import { expectSameTraining, growthInTraining } from '../test-support/network-numbers.js';
import { fuseActivations } from './fuse-activations.js';

/** Two residual blocks, one with a convolution in its shortcut, and a normalisation whose result is used twice. */
function residualNetwork(): LayersModel {
  let seed = 0;
  const of = (x: unknown) => x as SymbolicTensor;
  const convolution = (x: SymbolicTensor, filters: number) =>
    of(
      layers
        .conv2d({ filters, kernelSize: 3, padding: 'same', kernelInitializer: initializers.heNormal({ seed: ++seed }) })
        .apply(x),
    );
  const normalised = (x: SymbolicTensor) => of(layers.batchNormalization({ momentum: 0.8 }).apply(x));
  const relu = (x: SymbolicTensor) => of(layers.reLU().apply(x));
  const block = (x: SymbolicTensor, filters: number) => {
    const inner = of(layers.activation({ activation: 'relu' }).apply(normalised(convolution(x, filters))));
    const main = normalised(convolution(inner, filters));
    const shortcut = x.shape[3] === filters ? x : normalised(convolution(x, filters));
    return relu(of(layers.add().apply(filters === 5 ? [main, shortcut] : [shortcut, main])));
  };
  const images = input({ shape: [8, 8, 3] });
  let x = relu(normalised(convolution(images, 5)));
  x = block(block(x, 5), 6);
  const forked = normalised(convolution(x, 6));
  x = of(layers.add().apply([relu(forked), forked]));
  return model({ inputs: images, outputs: of(layers.globalAveragePooling2d({}).apply(x)) });
}

describe('fuseActivations', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  it('joins what stands in a row, and nothing that is used twice or is an output', () => {
    const network = residualNetwork();
    expect(fuseActivations(network)).toBe(5);
    expect(fuseActivations(network)).toBe(0);
    const images = input({ shape: [4, 4, 2] });
    const normalised = layers.batchNormalization().apply(images) as SymbolicTensor;
    const both = [normalised, layers.reLU().apply(normalised) as SymbolicTensor];
    expect(fuseActivations(model({ inputs: images, outputs: both }))).toBe(0);
    const capped = layers.reLU({ maxValue: 6 }).apply(layers.batchNormalization().apply(images)) as SymbolicTensor;
    expect(fuseActivations(model({ inputs: images, outputs: capped }))).toBe(0);
  });

  it('changes neither results nor gradients nor running averages', async () => {
    const fused = residualNetwork();
    fuseActivations(fused);
    await expectSameTraining(residualNetwork(), fused, createRng('fused'));
  });

  it('leaks nothing in training', () => {
    const network = residualNetwork();
    fuseActivations(network);
    const x = noise(createRng('leak'), [2, 8, 8, 3]);
    expect(growthInTraining(network, x)).toEqual({ tensors: 0, buffers: 0 });
  });

  it('runs one kernel for a normalisation, its addition and its ReLU', async () => {
    const network = residualNetwork();
    fuseActivations(network);
    const x = noise(createRng('kernels'), [2, 8, 8, 3]);
    const { kernelNames } = await tf.profile(() => network.apply(x, { training: true }) as tf.Tensor);
    expect(kernelNames).toContain('OpposableBatchNormRelu');
    expect(kernelNames.filter((name) => name === 'Relu')).toEqual(['Relu']);
  });

  it('leaves another backend as it was', async () => {
    const network = residualNetwork();
    fuseActivations(network);
    const x = noise(createRng('cpu'), [2, 8, 8, 3]);
    const onWasm = await (network.apply(x, { training: true }) as tf.Tensor).data();
    await tf.setBackend('cpu');
    const onCpu = await (network.apply(x, { training: true }) as tf.Tensor).data();
    await tf.setBackend('wasm');
    expect(relativeError(onWasm, onCpu)).toBeLessThan(1e-4);
  });
});
