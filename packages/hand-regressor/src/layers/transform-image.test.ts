import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { transformImage } from './transform-image.js';

const BACKEND = 'cpu';
beforeAll(() => tf.setBackend(BACKEND));

it('transformImage gives the same with the kernel and without it, inside, at and beyond the border', async () => {
  const rng = createRng('window');
  const noise = (shape: number[], low: number, high: number) =>
    tf.tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => rng.uniform(low, high)),
      shape,
    );
  const image = noise([3, 9, 9, 4], 0, 1) as tf.Tensor4D;
  const rows = tf.tensor2d([
    [1, 0, 0, 0, 1, 0, 0, 0],
    [1.3, -0.4, 1, 0.4, 1.3, -2.5, 0, 0],
    [-2, 0.1, 9, 0.2, 2, -3, 0, 0],
  ]);
  const kernel = tf.getKernel('Transform', BACKEND);
  const expected = await transformImage(image, rows, 7).data();
  const before = tf.memory().numTensors;
  tf.unregisterKernel('Transform', BACKEND);
  try {
    const composed = transformImage(image, rows, 7);
    expect(tf.memory().numTensors).toBe(before + 1);
    const values = await composed.data();
    values.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  } finally {
    tf.registerKernel(kernel);
  }
  expect(Math.min(...expected)).toBe(0);
});
