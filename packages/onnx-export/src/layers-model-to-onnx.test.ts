import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { createHeatmapUNet } from '@opposable/hand-regressor';
import { createRng } from '@opposable/tensor-checks';
import { layersModelToOnnx } from './layers-model-to-onnx.js';
import { bothAnswers, regressor } from './test-support/both-answers.js';
import { largestError, randomizeWeights } from './test-support/random-network.js';

beforeAll(() => tf.setBackend('wasm'));

describe('layersModelToOnnx', () => {
  it.each([
    ['small', {}, 0],
    ['small', { channels: 24 }, 0],
    ['mobilenet-half', { inputNormalization: 'imagenet' }, 52],
    ['resnet18', {}, 20],
    ['resnet18', { channels: 24, keypointFeatures: true }, 20],
    ['keypoints', { channels: 24 }, 0],
  ] as const)(
    '%s %j computes the same in ONNX Runtime, normalisations folded and not',
    async (encoder, options, folded) => {
      const network = regressor(encoder, options);
      for (const fold of [true, false]) {
        const { found, expected, shapes, file } = await bothAnswers(network, fold, 2);
        expect(shapes[0]).toEqual(shapes[1]);
        expect(file.foldedNormalizations).toBe(fold ? folded : 0);
        const error = largestError(found, expected);
        expect(error).toBeLessThan(1e-4);
        expect(largestError(found.subarray(0, 22), found.subarray(22))).toBeGreaterThan(2 * error); // it looks at the image
      }
      network.dispose();
    },
  );

  it.each(['documented', 'small'] as const)('the heat-map network %s computes the same', async (variant) => {
    const network = createHeatmapUNet({ variant, rng: createRng(variant), inputSize: 64 });
    randomizeWeights(network, createRng('weights'));
    for (const fold of [true, false]) {
      const { found, expected, shapes } = await bothAnswers(network, fold, 1);
      expect(shapes[0]).toEqual(shapes[1]);
      expect(largestError(found, expected)).toBeLessThan(1e-4);
      expect(Math.max(...found) - Math.min(...found)).toBeGreaterThan(0.01);
    }
    network.dispose();
  });

  it('pads as TensorFlow does, and folds no normalisation whose convolution is used elsewhere', async () => {
    const images = input({ shape: [9, 8, 2], name: 'picture' });
    const of = (x: unknown) => x as SymbolicTensor;
    const first = of(layers.conv2d({ filters: 3, kernelSize: [3, 5], strides: [2, 3], padding: 'same', activation: 'tanh' }).apply(images)); // prettier-ignore
    const second = of(layers.conv2d({ filters: 3, kernelSize: 2, padding: 'same', dilationRate: 2 }).apply(first));
    const normalised = of(layers.batchNormalization({ scale: false }).apply(second));
    const pooled = of(layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' }).apply(normalised));
    const other = of(layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }).apply(second));
    const network = model({ inputs: images, outputs: of(layers.concatenate().apply([pooled, other])) });
    randomizeWeights(network, createRng('odd'));
    const { found, expected, file } = await bothAnswers(network, true, 3);
    expect(file.foldedNormalizations).toBe(0);
    expect(file.inputs).toEqual([{ name: 'picture', shape: ['batch', 9, 8, 2] }]);
    expect(largestError(found, expected)).toBeLessThan(1e-5);
  });

  it('names a layer and an activation that it does not know', async () => {
    const image = input({ shape: [4], name: 'numbers' });
    const softened = layers.dense({ units: 2, activation: 'softmax', name: 'head' }).apply(image) as SymbolicTensor;
    await expect(layersModelToOnnx(model({ inputs: image, outputs: softened }))).rejects.toThrow(
      'layersModelToOnnx: expected an activation of linear, relu, sigmoid, tanh in head, got softmax.',
    );
    const masked = layers.leakyReLU({ name: 'leaky' }).apply(image) as SymbolicTensor;
    await expect(layersModelToOnnx(model({ inputs: image, outputs: masked }))).rejects.toThrow(
      'got LeakyReLU "leaky".',
    );
  });

  it('leaves no tensor behind', async () => {
    const network = regressor('small');
    const before = tf.memory().numTensors;
    await layersModelToOnnx(network);
    expect(tf.memory().numTensors).toBe(before);
    network.dispose();
  });
});
