import * as tf from '@tensorflow/tfjs-core';
import { createHandParameterLayer } from '@opposable/hand-regressor';
import { decodeHandParameters } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { prepareBackend } from '@opposable/training';
import { createRun } from '../run/hand-run.js';
import { constantModel } from '../test-support/constant-model.js';
import { largestDifference } from '../test-support/largest-difference.js';
import { syntheticArrays } from '../test-support/synthetic-arrays.js';
import { decodeToHost } from './decode-to-host.js';
import { evaluateRun } from './evaluate-run.js';
import { chunks, predictParameters } from './predict-parameters.js';

beforeAll(() => prepareBackend('wasm'));

describe('chunks', () => {
  it('cover all rows once, the last with what is left', () => {
    expect([...chunks(7, 3)]).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect([...chunks(4, 4)]).toEqual([[0, 1, 2, 3]]);
    expect([...chunks(0, 4)]).toEqual([]);
  });
});

describe('predictParameters', () => {
  it('gives the same whatever the size of the batches, and leaves no tensor behind', async () => {
    const arrays = await syntheticArrays(5);
    const run = createRun({ encoder: 'small', inputSize: 64 }, 2);
    const whole = await predictParameters(run.model, arrays);
    const before = tf.memory().numTensors;
    const parts = await predictParameters(run.model, arrays, 2);
    expect(tf.memory().numTensors).toBe(before);
    run.dispose();
    expect(whole).toHaveLength(5 * 22);
    expect(largestDifference(whole.subarray(0, 22), whole.subarray(22, 44))).toBeGreaterThan(1e-3); // looks at the image
    expect(largestDifference(parts, whole)).toBeLessThan(1e-3); // px
  });

  it('feeds the images as they are, divided by 255', async () => {
    const arrays = await syntheticArrays(2, 32);
    const run = constantModel(new Float32Array(22), 32);
    const kernel = tf.ones([3, 22]);
    const bias = tf.zeros([22]);
    run.setWeights([kernel, bias]); // sum over channels of the mean colour
    const predicted = await predictParameters(run, arrays);
    for (const n of [0, 1]) {
      const pixels = arrays.images.subarray(n * 3072, (n + 1) * 3072);
      const mean = pixels.reduce((sum, byte) => sum + byte, 0) / 255 / 1024;
      expect(predicted[n * 22 + 9]).toBeCloseTo(mean, 4);
    }
    run.dispose();
    tf.dispose([kernel, bias]);
  });
});

describe('decodeToHost', () => {
  it('agrees with the decode in float64, also over several chunks', async () => {
    const arrays = await syntheticArrays(4, 32);
    const hand = loadOpenHand('right');
    const layer = createHandParameterLayer(hand);
    const rows = new Float32Array(203 * 22);
    for (let n = 0; n < 203; n++) rows.set(arrays.handParameters.subarray((n % 4) * 22, (n % 4) * 22 + 22), n * 22);
    await decodeToHost(layer, rows.subarray(0, 22), 22); // the layer's own tensors are made by its first call
    const before = tf.memory().numTensors;
    const { count, keypoints2d, keypoints3d } = await decodeToHost(layer, rows, 22);
    expect(tf.memory().numTensors).toBe(before);
    layer.dispose();
    expect(count).toBe(203);
    for (const n of [0, 1, 2, 3, 99, 100, 202]) {
      const expected = decodeHandParameters(hand, rows.subarray(n * 22, n * 22 + 22));
      expect(largestDifference(keypoints2d.subarray(n * 42, n * 42 + 42), expected.keypoints2d)).toBeLessThan(1e-2);
      const millimetres = expected.keypoints3d.map((metres) => metres * 1000);
      expect(largestDifference(keypoints3d.subarray(n * 63, n * 63 + 63), millimetres)).toBeLessThan(1e-2);
    }
  });
});

describe('evaluateRun', () => {
  it('finds no error in a network that knows the answer', async () => {
    const arrays = await syntheticArrays(1, 32);
    const run = createRun({ encoder: 'small', inputSize: 32 }, 0);
    const model = constantModel(arrays.handParameters, 32);
    const { scores, parameters, hands } = await evaluateRun({ ...run, model }, arrays);
    expect(largestDifference(parameters, arrays.handParameters)).toBeLessThan(1e-4);
    expect(scores.twoD.meanPixels).toBeLessThan(0.02);
    expect(scores.threeD!.paMpjpe).toBeLessThan(0.02);
    expect(largestDifference(hands.keypoints2d, arrays.keypoints)).toBeLessThan(0.1);
    run.dispose();
    model.dispose();
  });
});
