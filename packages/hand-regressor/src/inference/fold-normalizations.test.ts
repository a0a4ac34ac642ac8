import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {
  input as createInput,
  layers,
  type LayersModel,
  model as createModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { ConfigError, createRng } from '@opposable/tensor-checks';
import { createHandRegressor } from '../create-hand-regressor.js';
import { createHeatmapUNet } from '../heatmaps/create-heatmap-unet.js';
import { foldNormalizations } from './fold-normalizations.js';

const classesOf = (model: LayersModel): string[] => model.layers.map((layer) => layer.getClassName());
const countOf = (model: LayersModel, name: string): number => classesOf(model).filter((each) => each === name).length;

/** Random weights and running averages, so that a normalisation left out, or folded with the wrong one of its four, shows. */
function shuffle(model: LayersModel): void {
  const rng = createRng(5);
  for (const weight of model.weights) {
    const { name, shape } = weight;
    const size = shape.reduce<number>((product, side) => product * side!, 1);
    const spread = name.includes('kernel') ? Math.sqrt(2 / (size / shape[shape.length - 1]!)) : 0.3;
    const least = name.includes('variance') || name.includes('gamma') ? 1 : 0;
    const values = Float32Array.from(
      { length: size },
      () => least + spread * (least ? rng.uniform(-1, 1) : rng.normal()),
    );
    const tensor = tf.tensor(values, shape as number[]);
    weight.write(tensor);
    tensor.dispose();
  }
}

async function largestDifference(model: LayersModel, folded: LayersModel, shape: number[]): Promise<number> {
  const images = tf.randomUniform(shape, 0, 1, 'float32', 3);
  const [a, b] = [model, folded].map((each) => each.apply(images, { training: false }) as tf.Tensor);
  const [left, right] = [await a!.data<'float32'>(), await b!.data<'float32'>()];
  tf.dispose([images, a!, b!]);
  const size = left.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return left.reduce((most, value, i) => Math.max(most, Math.abs(value - right[i]!)), 0) / size;
}

let before: number;
beforeAll(async () => {
  await tf.setBackend('cpu');
});
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(before);
});

describe('foldNormalizations', () => {
  it('gives the maps of the small heat-map network without one normalisation', async () => {
    const network = createHeatmapUNet({ variant: 'small', inputSize: 32, rng: createRng(1) });
    shuffle(network);
    const folded = foldNormalizations(network);
    expect(countOf(network, 'BatchNormalization')).toBe(17);
    expect(countOf(folded, 'BatchNormalization')).toBe(0);
    expect(countOf(folded, 'ReLU')).toBe(countOf(network, 'Add'));
    expect(await largestDifference(network, folded, [2, 32, 32, 3])).toBeLessThan(1e-4);
    expect(folded.name).toBe(network.name);
    expect(folded.inputs[0]!.shape).toEqual(network.inputs[0]!.shape);
    network.dispose();
    folded.dispose();
  });

  it('leaves normalisations that stand before a convolution, as in the documented network', async () => {
    const network = createHeatmapUNet({ variant: 'documented', inputSize: 16, rng: createRng(1) });
    shuffle(network);
    const folded = foldNormalizations(network);
    expect(countOf(folded, 'BatchNormalization')).toBe(countOf(network, 'BatchNormalization'));
    expect(await largestDifference(network, folded, [1, 16, 16, 3])).toBeLessThan(1e-6);
    network.dispose();
    folded.dispose();
  });

  it.each(['mobilenet', 'resnet18', 'small'] as const)('gives the 22 numbers of %s', async (encoder) => {
    const network = createHandRegressor({ encoder, inputSize: 32, rng: createRng(2) });
    shuffle(network);
    const folded = foldNormalizations(network);
    expect(countOf(folded, 'BatchNormalization')).toBe(0);
    expect(countOf(folded, 'ReLU')).toBe(encoder === 'resnet18' ? 8 : 0); // after additions
    expect(await largestDifference(network, folded, [2, 32, 32, 3])).toBeLessThan(1e-4);
    network.dispose();
    folded.dispose();
  });

  it('folds γ-less, β-less and biased layers, dense ones too, and keeps what is used twice or is an output', async () => {
    const image = createInput({ shape: [6, 5, 3] });
    const conv = layers.conv2d({ filters: 4, kernelSize: 3, useBias: true }).apply(image) as SymbolicTensor;
    const first = layers.batchNormalization({ scale: false }).apply(conv) as SymbolicTensor;
    const each = layers.depthwiseConv2d({ kernelSize: [2, 2], depthMultiplier: 2 }).apply(first) as SymbolicTensor;
    const second = layers.batchNormalization({ center: false, axis: 3 }).apply(each) as SymbolicTensor;
    const twice = layers.conv2d({ filters: 8, kernelSize: 1 }).apply(second) as SymbolicTensor;
    const third = layers.batchNormalization().apply(twice) as SymbolicTensor;
    const sum = layers.add().apply([third, twice]) as SymbolicTensor;
    const flat = layers.flatten().apply(sum) as SymbolicTensor;
    const dense = layers.dense({ units: 7, activation: 'relu' }).apply(flat) as SymbolicTensor;
    const fourth = layers.batchNormalization().apply(dense) as SymbolicTensor;
    const last = layers.dense({ units: 5 }).apply(fourth) as SymbolicTensor;
    const fifth = layers.batchNormalization().apply(last) as SymbolicTensor;
    const network = createModel({
      inputs: image,
      outputs: layers.reLU({ maxValue: 1 }).apply(fifth) as SymbolicTensor,
    });
    shuffle(network);
    const folded = foldNormalizations(network);
    expect(countOf(folded, 'BatchNormalization')).toBe(2); // the third: its convolution is used twice; the fourth: it follows a ReLU
    expect(countOf(folded, 'ReLU')).toBe(1); // bounded by 1: no activation of a dense layer
    expect(await largestDifference(network, folded, [3, 6, 5, 3])).toBeLessThan(1e-5);
    const output = createModel({ inputs: image, outputs: [first, second] });
    const kept = foldNormalizations(output);
    expect(countOf(kept, 'BatchNormalization')).toBe(0);
    expect(kept.outputs.map(({ shape }) => shape)).toEqual(output.outputs.map(({ shape }) => shape));
    for (const model of [folded, kept, network]) model.dispose();
  });

  it('keeps its weights when those of the other network change', async () => {
    const network = createHandRegressor({ encoder: 'small', inputSize: 32, rng: createRng(2) });
    const folded = foldNormalizations(network);
    const same = foldNormalizations(network);
    shuffle(network);
    expect(await largestDifference(folded, same, [1, 32, 32, 3])).toBe(0);
    expect(await largestDifference(network, folded, [1, 32, 32, 3])).toBeGreaterThan(0.01);
    for (const model of [network, folded, same]) model.dispose();
  });

  it('refuses a model that uses a layer twice', () => {
    const vector = createInput({ shape: [4] });
    const dense = layers.dense({ units: 4, name: 'again' });
    const network = createModel({ inputs: vector, outputs: dense.apply(dense.apply(vector)) as SymbolicTensor });
    expect(() => foldNormalizations(network)).toThrow(ConfigError);
    expect(() => foldNormalizations(network)).toThrow('"again" is used 2 times');
    network.dispose();
    dense.dispose(); // once for each use
  });
});
