import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { createHandRegressor } from '../create-hand-regressor.js';
import { writeHeatmap } from '../heatmaps/encode-heatmaps.js';
import { movePlaces } from '../layers/move-places.js';
import { liftPlaces, readPlaces } from './lift-places.js';

beforeAll(async () => {
  await tf.setBackend('wasm');
  await tf.ready();
});

const SIDE = 64;
const lifting = () => createHandRegressor({ encoder: 'keypoints', channels: 24, inputSize: SIDE, rng: createRng(1) });

/** [1, S, S, 24]: blobs at keypoints in pixels of the 256 frame, beside a black picture. */
function inputOf(keypoints: readonly (readonly [number, number])[]): tf.Tensor4D {
  const maps = new Float32Array(SIDE * SIDE * 21);
  keypoints.forEach((point, offset) => {
    const [u, v] = point.map((pixel) => ((pixel + 0.5) * SIDE) / 256 - 0.5) as [number, number];
    writeHeatmap(maps, [u, v], { size: SIDE, sigma: 2 }, { offset, stride: 21 });
  });
  return tf.tidy(() => tf.concat([tf.zeros([1, SIDE, SIDE, 3]), tf.tensor4d(maps, [1, SIDE, SIDE, 21])], 3));
}

describe('readPlaces and liftPlaces', () => {
  it('are the two parts of a network that lifts keypoints', () => {
    const model = lifting();
    const input = tf.randomUniform<tf.Rank.R4>([3, SIDE, SIDE, 24], 0, 1, 'float32', 2);
    const whole = (model.apply(input, { training: true }) as tf.Tensor2D).arraySync();
    const parts = tf.tidy(() => liftPlaces(model, readPlaces(model, input)).arraySync());
    expect(parts).toEqual(whole);
    model.dispose();
  });

  it('have gradients for every weight', () => {
    const model = lifting();
    const places = tf.randomNormal<tf.Rank.R2>([4, 84], 0, 1, 'float32', 3);
    const { grads } = tf.variableGrads(() => tf.mean(tf.square(liftPlaces(model, places))));
    expect(Object.keys(grads)).toHaveLength(model.trainableWeights.length);
    for (const gradient of Object.values(grads)) expect(tf.max(tf.abs(gradient)).dataSync()[0]!).toBeGreaterThan(0);
    model.dispose();
  });

  it.each([
    [{ encoder: 'small', channels: 24 }, 'reads no places'],
    [{ encoder: 'resnet18', channels: 24, keypointFeatures: true }, 'does more than lifting'],
  ] as const)('refuse a network of %o', (network, why) => {
    const model = createHandRegressor({ ...network, inputSize: SIDE, rng: createRng(1) });
    expect(() => liftPlaces(model, tf.zeros([1, 84]))).toThrow(why);
    model.dispose();
  });
});

describe('movePlaces', () => {
  const rng = createRng(5);
  const keypoints = Array.from({ length: 21 }, () => [rng.uniform(60, 195), rng.uniform(60, 195)] as const);

  it.each([
    [0.4, 1, [0, 0]],
    [-2.1, 0.8, [10, -6]],
    [1, 1.3, [40, 70]], // some leave the frame
  ] as const)('gives what the maps of moved keypoints give (turned by %d, × %d)', (angle, scale, [dx, dy]) => {
    const model = lifting();
    const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
    const point = (u: number, v: number) =>
      [cos * (u - 127.5) - sin * (v - 127.5) + 127.5 + dx, sin * (u - 127.5) + cos * (v - 127.5) + 127.5 + dy] as const;
    const read = (input: tf.Tensor4D) => tf.tidy(() => readPlaces(model, input).dataSync<'float32'>());
    const moved = new Float32Array(84);
    movePlaces(read(inputOf(keypoints)), { scale, point }, SIDE, moved);
    const inside = keypoints.map(([u, v]) => point(u, v).every((pixel) => pixel >= -0.5 && pixel <= 255.5));
    const far = keypoints.map(([u, v], k) => (inside[k]! ? point(u, v) : ([-500, -500] as const)));
    const expected = read(inputOf(far));
    const border = ([u, v]: readonly [number, number]) => Math.min(u, v, 255 - u, 255 - v) < 24; // cut blobs lie elsewhere
    for (let k = 0; k < 21; k++) {
      if (inside[k]! && border(far[k]!)) continue;
      for (const row of [0, 1]) expect(Math.abs(moved[21 * row + k]! - expected[21 * row + k]!)).toBeLessThan(0.01); // 0.4 px
      if (!inside[k]!) expect([moved[42 + k], moved[63 + k]]).toEqual([expect.closeTo(expected[42 + k]!, 3), 0]);
      // the test's blobs stay as wide, those of an enlarged image would not
      else expect(moved[42 + k]! / scale).toBeCloseTo(expected[42 + k]!, 2);
    }
    if (dx === 40) expect(inside.filter((value) => !value).length).toBeGreaterThan(2);
    model.dispose();
  });
});
