import * as tf from '@tensorflow/tfjs-core';
import { input, type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { createRng } from '@opposable/tensor-checks';
import { createHandRegressor } from '../create-hand-regressor.js';
import { decodeHeatmaps } from '../heatmaps/decode-heatmaps.js';
import { encodeHeatmaps } from '../heatmaps/encode-heatmaps.js';
import { MapPlaces } from './map-places.js';

beforeAll(async () => {
  await tf.setBackend('wasm');
  await tf.ready();
});

const COUNT = 21;

function placesModel(side: number): LayersModel {
  const image = input({ shape: [side, side, 3 + COUNT] });
  return model({ inputs: image, outputs: new MapPlaces({ name: 'places' }).apply(image) as SymbolicTensor });
}

/** [B, S, S, 24] with maps beside a picture of noise. */
function beside(maps: Float32Array, samples: number, side: number): tf.Tensor4D {
  const image = tf.randomUniform<tf.Rank.R4>([samples, side, side, 3], 0, 1, 'float32', 5);
  return tf.concat([image, tf.tensor4d(maps, [samples, side, side, COUNT])], 3);
}

/** The formulas, one number after the other. */
function slowly(maps: Float32Array, side: number): number[] {
  const columns = [0, 1, 2, 3].map(() => [] as number[]);
  for (let k = 0; k < COUNT; k++) {
    let [sum, x, y, squares, height] = [1e-12 * side * side, 0, 0, 0, 0];
    for (let pixel = 0; pixel < side * side; pixel++) {
      const value = maps[pixel * COUNT + k]!;
      const place = (i: number) => (((i + 0.5) * 256) / side - 0.5 - 128) / 40;
      const [u, v] = [place(pixel % side), place(Math.floor(pixel / side))];
      sum += value ** 3;
      x += value ** 3 * u;
      y += value ** 3 * v;
      squares += value ** 3 * (u * u + v * v);
      height = Math.max(height, value);
    }
    const spread = Math.sqrt(Math.max(0, squares / sum - (x / sum) ** 2 - (y / sum) ** 2));
    [x / sum, y / sum, spread, height].forEach((value, i) => columns[i]!.push(value));
  }
  return columns.flat();
}

describe('MapPlaces', () => {
  it('gives means, spreads and heights as a loop in float64 does', () => {
    const side = 16;
    const rng = createRng(3);
    const maps = Float32Array.from({ length: 2 * side * side * COUNT }, () => rng.uniform() ** 4);
    const network = placesModel(side);
    const found = (network.predict(beside(maps, 2, side)) as tf.Tensor2D).arraySync();
    expect(found.map((row) => row.length)).toEqual([84, 84]);
    found.forEach((row, n) => {
      const expected = slowly(maps.subarray(n * side * side * COUNT, (n + 1) * side * side * COUNT), side);
      row.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    });
    network.dispose();
  });

  it('gives the places that the host’s sharpened decoding gives, in the 256 frame', () => {
    const side = 64;
    const rng = createRng(4);
    const keypoints = Float64Array.from({ length: COUNT * 2 }, () => rng.uniform(8, 55));
    const visible = new Uint8Array(COUNT).fill(2);
    const { maps } = encodeHeatmaps(keypoints, visible, { size: side, sigma: 1.5, placement: 'exact' });
    const host = decodeHeatmaps(maps, [1, side, side, COUNT], 'sharpened').keypoints;
    const network = placesModel(side);
    const row = (network.predict(beside(Float32Array.from(maps), 1, side)) as tf.Tensor).dataSync();
    for (let k = 0; k < COUNT; k++) {
      for (const axis of [0, 1] as const) {
        const expected = (host[2 * k + axis]! + 0.5) * (256 / side) - 0.5;
        expect(128 + 40 * row[axis * COUNT + k]!).toBeCloseTo(expected, 2);
      }
    }
    network.dispose();
  });

  it('puts an empty map into the middle with no height, and leaves no tensor behind', () => {
    const network = placesModel(32);
    const empty = beside(new Float32Array(32 * 32 * COUNT), 1, 32);
    const before = tf.memory().numTensors;
    const row = tf.tidy(() => (network.predict(empty) as tf.Tensor).dataSync());
    expect(tf.memory().numTensors).toBe(before);
    for (let k = 0; k < COUNT; k++) {
      expect([row[k], row[COUNT + k]].map((value) => Math.abs(128 + 40 * value! - 127.5))).toEqual([
        expect.closeTo(0, 3),
        expect.closeTo(0, 3),
      ]);
      expect(row[3 * COUNT + k]).toBe(0);
    }
    network.dispose();
  });
});

describe('keypointFeatures', () => {
  const image = () => tf.randomUniform<tf.Rank.R4>([2, 32, 32, 24], 0, 1, 'float32', 9);
  const build = (seed: number) =>
    createHandRegressor({
      ...{ encoder: 'resnet18', inputSize: 32, channels: 24, keypointFeatures: true, rng: createRng(seed) },
    });

  it('starts near what lifting alone gives with the same weights', () => {
    const lifting = createHandRegressor({ encoder: 'keypoints', inputSize: 32, channels: 24, rng: createRng(2) });
    const whole = build(1);
    const own = lifting.layers.filter(({ name }) => name.startsWith('places.'));
    expect(own.map(({ name }) => name)).toEqual(['places.fc1', 'places.fc2', 'places.fc3', 'places.fc']);
    for (const layer of own) whole.getLayer(layer.name).setWeights(layer.getWeights());
    const [alone, corrected] = [lifting, whole].map((network) => (network.predict(image()) as tf.Tensor).dataSync());
    const differences = alone!.map((value, i) => Math.abs(value - corrected![i]!) / (i % 22 < 3 ? 40 : 1));
    expect(Math.max(...differences)).toBeLessThan(0.01);
    expect(Math.max(...differences)).toBeGreaterThan(0); // the encoder has a say
    lifting.dispose();
    whole.dispose();
  });

  it('moves the hand with the maps, whatever the picture', () => {
    const lifting = createHandRegressor({ encoder: 'keypoints', inputSize: 32, channels: 24, rng: createRng(2) });
    const [colours, maps] = tf.split(image(), [3, 21], 3) as [tf.Tensor4D, tf.Tensor4D];
    const answer = (a: tf.Tensor4D, b: tf.Tensor4D) => (lifting.predict(tf.concat([a, b], 3)) as tf.Tensor).dataSync();
    const first = answer(colours, maps);
    expect(answer(tf.zerosLike(colours), maps)).toEqual(first);
    expect(answer(colours, tf.reverse<tf.Tensor4D>(maps, 2))).not.toEqual(first);
    lifting.dispose();
  });

  it.each([
    [
      { encoder: 'resnet18', channels: 3, keypointFeatures: true },
      'channels with keypointFeatures to be one of 24, got 3',
    ],
    [
      { encoder: 'small', channels: 24, keypointFeatures: true },
      'encoder with keypointFeatures to be one of resnet18, resnet34, resnet50, mobilenet, mobilenet-half, got "small"',
    ],
    [{ encoder: 'keypoints' }, "channels with encoder 'keypoints' to be one of 24, got 3"],
  ] as const)('refuses %o', (options, sentence) => {
    expect(() => createHandRegressor({ inputSize: 32, ...options })).toThrow(
      `createHandRegressor: expected ${sentence}.`,
    );
  });
});
