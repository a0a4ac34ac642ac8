import * as tf from '@tensorflow/tfjs-core';
import { createHandParameterLayer } from '@opposable/hand-regressor';
import { decodeHandParameters } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { prepareBackend } from '@opposable/training';
import { syntheticArrays } from '../test-support/synthetic-arrays.js';
import { scoreBaselines } from './baselines.js';

beforeAll(() => prepareBackend('cpu'));

describe('scoreBaselines', () => {
  it('scores the means of the training set, each over the samples that have the value', async () => {
    const all = await syntheticArrays(6, 32);
    const training = {
      ...all,
      visibility: all.visibility.slice(),
      valid3d: Uint8Array.of(1, 1, 0, 1, 1, 1),
      handParametersValid: Uint8Array.of(1, 1, 1, 1, 0, 1),
    };
    training.visibility[21 + 3] = 0;
    const test = await syntheticArrays(4, 32, 6);
    const hand = loadOpenHand('right');
    const layer = createHandParameterLayer(hand);
    await scoreBaselines(layer, training, test); // the layer's own tensors are made by its first call
    const before = tf.memory().numTensors;
    const { meanParameters, meanKeypoints } = await scoreBaselines(layer, training, test);
    expect(tf.memory().numTensors).toBe(before);
    layer.dispose();

    const meanError = (keypoints: (k: number, axis: number) => number): number => {
      let [sum, count] = [0, 0];
      for (let n = 0; n < 4; n++) {
        for (let k = 0; k < 21; k++) {
          if (test.visibility[n * 21 + k] === 0) continue;
          const [du, dv] = [0, 1].map((axis) => keypoints(k, axis) - test.keypoints[(n * 21 + k) * 2 + axis]!);
          sum += Math.hypot(du!, dv!);
          count++;
        }
      }
      return sum / count;
    };
    const numbers = Array.from({ length: 22 }, (_, i) => {
      const rows = [0, 1, 2, 3, 5];
      return rows.reduce((sum, row) => sum + training.handParameters[row * 22 + i]!, 0) / rows.length;
    });
    const { keypoints2d } = decodeHandParameters(hand, numbers);
    expect(meanParameters.twoD.meanPixels).toBeCloseTo(
      meanError((k, axis) => keypoints2d[k * 2 + axis]!),
      3,
    );
    const mean2d = (k: number, axis: number): number => {
      let [sum, weight] = [0, 0];
      for (let n = 0; n < 6; n++) {
        const seen = training.visibility[n * 21 + k]!;
        sum += seen * training.keypoints[(n * 21 + k) * 2 + axis]!;
        weight += seen;
      }
      return sum / weight;
    };
    expect(meanKeypoints.twoD.meanPixels).toBeCloseTo(meanError(mean2d), 3);

    // 3D: means of the hands about their own means, compared wrist on wrist
    const mean3d = new Float64Array(63);
    for (const n of [0, 1, 3, 4, 5]) for (let i = 0; i < 63; i++) mean3d[i]! += training.keypoints3d[n * 63 + i]! / 5;
    let expected = 0;
    for (let n = 0; n < 4; n++) {
      for (let k = 0; k < 21; k++) {
        const difference = [0, 1, 2].map(
          (axis) =>
            mean3d[k * 3 + axis]! -
            mean3d[axis]! -
            (test.keypoints3d[n * 63 + k * 3 + axis]! - test.keypoints3d[n * 63 + axis]!),
        );
        expected += Math.hypot(...difference) / 84;
      }
    }
    expect(meanKeypoints.threeD!.rootAlignedMpjpe / expected).toBeCloseTo(1, 3);
  });
});
