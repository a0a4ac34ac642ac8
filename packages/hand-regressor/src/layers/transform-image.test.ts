import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { transformImage } from './transform-image.js';

beforeAll(() => tf.setBackend('cpu'));

it('transformImage gives for a batch what the kernel gives for one image, inside, at and beyond the border', async () => {
  const rng = createRng('window');
  const values = Float32Array.from({ length: 3 * 9 * 9 * 4 }, () => rng.uniform(0, 1));
  const image = tf.tensor4d(values, [3, 9, 9, 4]);
  const rows = tf.tensor2d([
    [1, 0, 0, 0, 1, 0, 0, 0],
    [1.3, -0.4, 1, 0.4, 1.3, -2.5, 0, 0],
    [-2, 0.1, 9, 0.2, 2, -3, 0, 0],
  ]);
  const before = tf.memory().numTensors;
  const composed = transformImage(image, rows, 7);
  expect(tf.memory().numTensors).toBe(before + 1);
  const found = await composed.data();
  const alone = [0, 1, 2].map(
    (n) =>
    tf.tidy(() => tf.image.transform(tf.slice(image, [n, 0, 0, 0], [1, 9, 9, 4]), tf.slice(rows, [n, 0], [1, 8]), 'bilinear', 'constant', 0, [7, 7])), // prettier-ignore
  );
  const expected = (await Promise.all(alone.map((each) => each.data()))).flatMap((each) => Array.from(each));
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  expect(Math.min(...expected.slice(200))).toBe(0);
  expect(Math.max(...expected.slice(400))).toBeGreaterThan(0.5);
});
