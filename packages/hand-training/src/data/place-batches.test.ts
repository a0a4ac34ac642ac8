import * as tf from '@tensorflow/tfjs-core';
import { createHandRegressor, writeHeatmap } from '@opposable/hand-regressor';
import { streamSyntheticHands } from '@opposable/hand-synthesis';
import { permutation } from '@opposable/keypoint-order';
import { decodeHandParameters } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { buildTrainingArrays } from './build-training-arrays.js';
import { type PlacedArrays, placeBatches, withPlaces } from './place-batches.js';

const MAPS = 64;
const COUNT = 7;
const hand = loadOpenHand('right');
const AUGMENTATION = { rotation: 180, shift: 0.05, scale: [0.8, 1.1] } as const;
let arrays: PlacedArrays;

/** Blobs where the sample's keypoints are, in 'mano' order. */
function mapsOf(keypoints: ArrayLike<number>, order: Parameters<typeof permutation>[0], side: number): Uint8Array {
  const data = new Uint8Array(MAPS * MAPS * 21);
  permutation(order, 'mano').forEach((from, offset) => {
    const place = [0, 1].map((axis) => ((keypoints[2 * from + axis]! + 0.5) * MAPS) / side - 0.5) as [number, number];
    writeHeatmap(data, place, { size: MAPS, sigma: 2 }, { offset, stride: 21, scale: 255 });
  });
  return data;
}

beforeAll(async () => {
  await tf.setBackend('wasm');
  await tf.ready();
  const hands = [...streamSyntheticHands({ model: hand, seed: 4, count: COUNT, size: 48 })];
  const samples = hands.map((sample) => {
    return { ...sample, heatmaps: { size: MAPS, data: mapsOf(sample.keypoints, sample.keypointOrder, 48) } };
  });
  const read = await buildTrainingArrays(samples, COUNT, { imageSize: MAPS, heatmapSize: MAPS });
  const model = createHandRegressor({ encoder: 'keypoints', channels: 24, inputSize: MAPS, rng: createRng(1) });
  arrays = await withPlaces(model, read);
  model.dispose();
});

/** The first batches as plain numbers. */
function taken(count: number, about: Partial<Parameters<typeof placeBatches>[1]> = {}) {
  const batches: { names: readonly string[]; numbers: number[][]; places: number[][]; keypoints: number[][][]; points: number[][][]; focal: number[] }[] = []; // prettier-ignore
  const options = { batchSize: 4, rng: createRng(9), augmentation: AUGMENTATION, ...about };
  for (const batch of placeBatches(arrays, options)) {
    batches.push({
      names: batch.names,
      numbers: batch.handParameters.arraySync(),
      places: batch.images.arraySync() as number[][],
      keypoints: batch.keypoints.arraySync(),
      points: batch.keypoints3d.arraySync(),
      focal: batch.focal.arraySync(),
    });
    batch.dispose();
    if (batches.length === count) break;
  }
  return batches;
}

describe('withPlaces', () => {
  it('reads from the maps where the keypoints are', () => {
    const toPanoptic = permutation('mano', 'panoptic');
    for (let n = 0; n < COUNT; n++) {
      toPanoptic.forEach((from, k) => {
        if (arrays.visibility[n * 21 + k] === 0) return;
        for (const axis of [0, 1]) {
          const pixel = 40 * arrays.places[n * 84 + 21 * axis + from]! + 128;
          expect(Math.abs(pixel - arrays.keypoints[(n * 21 + k) * 2 + axis]!)).toBeLessThan(0.5);
        }
      });
    }
  });
});

describe('placeBatches', () => {
  it('moves places, keypoints, 3D points and the 22 numbers together', () => {
    const toMano = permutation('panoptic', 'mano');
    let compared = 0;
    for (const { numbers, places, keypoints, points, focal } of taken(5)) {
      numbers.forEach((row, b) => {
        const decoded = decodeHandParameters(hand, Float64Array.from(row)); // 'panoptic' order
        for (let k = 0; k < 21; k++) {
          const expected = [0, 1].map((axis) => decoded.keypoints2d[2 * k + axis]!);
          keypoints[b]![k]!.forEach((pixel, axis) => expect(Math.abs(pixel - expected[axis]!)).toBeLessThan(0.3));
          // differences of 3D points from the first, in pixels, as weak perspective has them
          const depth = points[b]!.reduce((sum, point) => sum + point[2]! / 21, 0);
          for (const axis of [0, 1]) {
            const away = ((points[b]![k]![axis]! - points[b]![0]![axis]!) * focal[b]!) / depth;
            expect(Math.abs(away - (keypoints[b]![k]![axis]! - keypoints[b]![0]![axis]!))).toBeLessThan(12);
          }
        }
        toMano.forEach((from, k) => {
          const [u, v] = keypoints[b]![from]! as [number, number];
          if (Math.min(u, v, 255 - u, 255 - v) < 5) return;
          compared++;
          expect(Math.abs(40 * places[b]![k]! + 128 - u)).toBeLessThan(0.8);
          expect(Math.abs(40 * places[b]![21 + k]! + 128 - v)).toBeLessThan(0.8);
        });
      });
    }
    expect(compared).toBeGreaterThan(300);
  });

  it('is what is in memory where nothing is to be moved', () => {
    const [batch] = taken(1, { augmentation: { gain: [0.5, 2], noise: 3 } });
    batch!.names.forEach((name, b) => {
      const n = arrays.annotations.findIndex(({ id }) => id === name);
      const near = (found: number[], expected: ArrayLike<number>) =>
        found.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(2e-4));
      near(batch!.places[b]!, arrays.places.subarray(n * 84, (n + 1) * 84));
      near(batch!.numbers[b]!, arrays.handParameters.subarray(n * 22, (n + 1) * 22));
      near(batch!.points[b]!.flat(), arrays.keypoints3d.subarray(n * 63, (n + 1) * 63));
    });
  });

  it('depends on seed and number alone, and replicas share a batch', () => {
    const all = taken(5);
    expect(taken(2, { first: 3 })).toEqual(all.slice(3));
    expect(taken(5, { rng: createRng(10) })).not.toEqual(all);
    const parts = [0, 1].map((rank) => taken(2, { part: { rank, members: 2 } }));
    for (const [i, { names }] of all.slice(0, 2).entries()) {
      expect(names).toEqual(names.map((_, row) => parts[row % 2]![i]!.names[row >> 1]));
    }
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    taken(3);
    expect(tf.memory().numTensors).toBe(before);
  });
});
