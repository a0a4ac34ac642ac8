import * as tf from '@tensorflow/tfjs-core';
import { initializers, input, layers, type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { createRng } from '@opposable/tensor-checks';
import { variableGradients } from '../ops/variable-gradients.js';
import { registerWasmTrainingKernels } from '../register-wasm-training-kernels.js';
import { noise, relativeError } from '../test-support/compare.js';
import { expectSameTraining, growthInTraining } from '../test-support/network-numbers.js';
import { foldPadding } from './fold-padding.js';
import { fuseActivations } from './fuse-activations.js';

const of = (x: unknown): SymbolicTensor => x as SymbolicTensor;
const padded = (x: SymbolicTensor, top: number, bottom: number, left: number, right: number): SymbolicTensor => {
  const padding: [[number, number], [number, number]] = [
    [top, bottom],
    [left, right],
  ];
  return of(layers.zeroPadding2d({ padding }).apply(x));
};

/** A stem of stride 2, a block with a normalisation, a depthwise layer with bias, a convolution with ReLU; uneven padding too. */
function paddedNetwork(): LayersModel {
  let seed = 0;
  const initial = () => initializers.heNormal({ seed: ++seed });
  const images = input({ shape: [15, 16, 3] });
  const stem = { filters: 8, kernelSize: 7, strides: 2, useBias: false, kernelInitializer: initial() } as const;
  let x = of(layers.conv2d(stem).apply(padded(images, 3, 3, 3, 3)));
  x = of(layers.reLU().apply(layers.batchNormalization().apply(x)));
  const narrow = { filters: 8, kernelSize: 3, kernelInitializer: initial() } as const;
  const inner = of(layers.conv2d({ ...narrow, dilationRate: 2 }).apply(padded(x, 2, 2, 2, 2)));
  x = of(layers.add().apply([x, inner]));
  const own = { kernelSize: 3, strides: [2, 2], biasInitializer: 'ones', depthwiseInitializer: initial() } as const;
  x = of(layers.depthwiseConv2d({ ...own, strides: [...own.strides] }).apply(padded(x, 0, 1, 2, 1)));
  const last = { filters: 4, kernelSize: 3, activation: 'relu', kernelInitializer: initial() } as const;
  x = of(layers.conv2d(last).apply(padded(x, 1, 0, 0, 2)));
  return model({ inputs: images, outputs: of(layers.globalAveragePooling2d({}).apply(x)) });
}

describe('foldPadding', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  it('joins what stands in a row, and nothing that is used twice, pads itself, or is an output', () => {
    const network = paddedNetwork();
    expect(foldPadding(network)).toBe(4);
    expect(foldPadding(network)).toBe(0);
    const images = input({ shape: [6, 6, 2] });
    const around = padded(images, 1, 1, 1, 1);
    const convolution = (padding: 'same' | 'valid') => layers.conv2d({ filters: 2, kernelSize: 3, padding });
    const outputs = [around, of(convolution('valid').apply(around))];
    expect(foldPadding(model({ inputs: images, outputs }))).toBe(0);
    const twice = padded(images, 1, 1, 1, 1);
    const both = ['valid', 'valid'].map(() => of(convolution('valid').apply(twice)));
    expect(foldPadding(model({ inputs: images, outputs: both }))).toBe(0);
    const itself = of(convolution('same').apply(padded(images, 1, 1, 1, 1)));
    expect(foldPadding(model({ inputs: images, outputs: itself }))).toBe(0);
    const pooled = of(layers.maxPooling2d({ poolSize: 2 }).apply(padded(images, 1, 1, 1, 1)));
    expect(foldPadding(model({ inputs: images, outputs: pooled }))).toBe(0);
  });

  it('changes neither results nor gradients nor running averages', async () => {
    const folded = paddedNetwork();
    foldPadding(folded);
    fuseActivations(folded);
    await expectSameTraining(paddedNetwork(), folded, createRng('folded'));
  });

  it('pads nothing, in training and in inference', async () => {
    const network = paddedNetwork();
    foldPadding(network);
    const x = noise(createRng('kernels'), [2, 15, 16, 3]);
    const variables = network.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const kernels = async (f: () => tf.Tensor) => (await tf.profile(f)).kernels.map(({ name }) => name);
    const inferred = await kernels(() => network.apply(x) as tf.Tensor);
    for (const name of ['PadV2', 'Conv2D']) expect(inferred).not.toContain(name);
    expect(inferred.filter((name) => name === 'FusedConv2D')).toHaveLength(3);
    const loss = () => tf.sum<tf.Scalar>(network.apply(x, { training: true }) as tf.Tensor);
    const names = await kernels(() => tf.tidy(() => variableGradients(loss, variables).value));
    for (const name of ['PadV2', 'Slice']) expect(names).not.toContain(name);
    expect(names.filter((name) => name === 'Conv2DBackpropInput')).toHaveLength(2);
  });

  it('leaks nothing in training', () => {
    const network = paddedNetwork();
    foldPadding(network);
    const x = noise(createRng('leak'), [2, 15, 16, 3]);
    expect(growthInTraining(network, x)).toEqual({ tensors: 0, buffers: 0 });
  });

  it('leaves another backend as it was', async () => {
    const network = paddedNetwork();
    foldPadding(network);
    const x = noise(createRng('cpu'), [2, 15, 16, 3]);
    const onWasm = await (network.apply(x) as tf.Tensor).data();
    await tf.setBackend('cpu');
    const { kernels } = await tf.profile(() => network.apply(x) as tf.Tensor);
    const onCpu = await (network.apply(x) as tf.Tensor).data();
    await tf.setBackend('wasm');
    expect(kernels.filter(({ name }) => name === 'PadV2')).toHaveLength(4);
    expect(relativeError(onWasm, onCpu)).toBeLessThan(1e-4);
  });
});
