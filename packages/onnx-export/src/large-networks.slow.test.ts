import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { bothAnswers, regressor } from './test-support/both-answers.js';
import { largestError } from './test-support/random-network.js';

beforeAll(() => tf.setBackend('wasm'));

it.each([
  ['resnet18', { inputSize: 256, channels: 24, pooling: '3dhand', outputScale: '3dhand' }, 20],
  ['resnet34', { inputNormalization: 'imagenet', channels: 24 }, 36],
  ['resnet50', {}, 53],
  ['mobilenet', {}, 52],
] as const)(
  '%s %j computes the same in ONNX Runtime, normalisations folded and not',
  async (encoder, options, folded) => {
    const network = regressor(encoder, options);
    for (const fold of [true, false]) {
      const { found, expected, file } = await bothAnswers(network, fold, 2);
      expect(file.foldedNormalizations).toBe(fold ? folded : 0);
      const error = largestError(found, expected);
      expect(error).toBeLessThan(1e-4);
      expect(largestError(found.subarray(0, 22), found.subarray(22))).toBeGreaterThan(20 * error); // it looks at the image
    }
    network.dispose();
  },
);
