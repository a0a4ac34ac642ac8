import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { batchOf, trainingBatches } from './batches.js';
import type { TrainingArrays } from './training-arrays.js';

function arraysOf(count: number): TrainingArrays {
  const imageSize = 4;
  const fill = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i);
  return {
    count,
    imageSize,
    images: Uint8Array.from({ length: count * 48 }, (_, i) => 10 * Math.floor(i / 48)),
    maskSize: 2,
    masks: Uint8Array.from({ length: count * 4 }, (_, i) => (i % 2) * 255),
    maskValid: new Uint8Array(count).fill(1),
    keypoints: fill(count * 42),
    visibility: fill(count * 21),
    keypoints3d: fill(count * 63),
    valid3d: new Uint8Array(count),
    focal: fill(count),
    resize: fill(count * 2),
    handParameters: fill(count * 22),
    handParametersValid: new Uint8Array(count),
    annotations: [],
  };
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('batchOf', () => {
  it('gathers the rows of the given samples', () => {
    const batch = batchOf(arraysOf(5), [3, 1]);
    expect(batch.focal.arraySync()).toEqual([3, 1]);
    expect(batch.keypoints.arraySync()[0]![0]).toEqual([126, 127]);
    expect((batch.images as tf.Tensor4D).arraySync()[0]![0]![0]![0]).toBeCloseTo(30 / 255, 6);
    expect(batch.masks.arraySync()[1]).toEqual([[0, 1], [0, 1]]); // prettier-ignore
    batch.dispose();
  });
});

describe('trainingBatches', () => {
  const take = (count: number, seed: number): number[][] => {
    const rows: number[][] = [];
    for (const batch of trainingBatches(arraysOf(7), { batchSize: 3, rng: createRng(seed) })) {
      rows.push(batch.focal.arraySync());
      batch.dispose();
      if (rows.length === count) break;
    }
    return rows;
  };

  it('visits each sample at most once per epoch, in an order that the seed decides', () => {
    const rows = take(4, 1);
    expect(new Set(rows.slice(0, 2).flat()).size).toBe(6);
    expect(rows.slice(0, 2)).not.toEqual(rows.slice(2));
    expect(take(4, 1)).toEqual(rows);
    expect(take(4, 2)).not.toEqual(rows);
  });

  it('adds noise of the given strength and stays within 0 and 1', () => {
    const arrays = { ...arraysOf(4), images: new Uint8Array(4 * 48).fill(128) };
    const batches = trainingBatches(arrays, { batchSize: 4, rng: createRng(3), augmentation: { noise: 10 } });
    const batch = batches.next().value;
    const { variance } = tf.moments(batch.images);
    expect(Math.sqrt(variance.dataSync()[0]!) * 255).toBeCloseTo(10, -0.5);
    batch.dispose();
    const dark = { ...arrays, images: new Uint8Array(4 * 48) };
    const clipped = trainingBatches(dark, { batchSize: 4, rng: createRng(3), augmentation: { noise: 10 } }).next()
      .value;
    expect(tf.min(clipped.images).dataSync()[0]).toBe(0);
  });

  it('owns nothing after dispose', () => {
    const before = tf.memory().numTensors;
    const batches = trainingBatches(arraysOf(7), { batchSize: 3, rng: createRng(1) });
    for (let i = 0; i < 50; i++) batches.next().value.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
