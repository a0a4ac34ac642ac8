import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { axisAngleToMatrix } from './axis-angle-to-matrix.js';
import { axisAngleToMatrix as onHost } from './host/axis-angle-to-matrix.js';
import { centralDifferences, tapeGradient, worstError } from './test-support/gradients.js';
import { randomVector } from './test-support/random-rotations.js';

const rng = createRng('axis-angle');
/** Random angles, and every place where a formula changes or a quotient is 0/0. */
const angles = [0, 1e-20, 1e-8, 1e-5, 1e-4, 2e-4, 1e-3, 1e-2, 0.1, 0.5, 0.99, 1, 1.01, 2, 3, Math.PI, 3.2, 5, 6.28, 9];
const vectors = [
  ...angles.map((angle) => randomVector(rng, angle)),
  [Math.PI, 0, 0],
  [0, -Math.PI, 0],
  [0, 0, 2 * Math.PI],
  [1e-6, 0, 0],
];

describe.each(['cpu', 'wasm'])('axisAngleToMatrix on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
  });

  it('equals float64 code at random angles, at zero and at π', async () => {
    const matrices = axisAngleToMatrix(tf.tensor2d(vectors));
    expect(matrices.shape).toEqual([vectors.length, 3, 3]);
    expect(
      worstError(
        await matrices.data(),
        vectors.flatMap((v) => [...onHost(v)]),
      ),
    ).toBeLessThan(2e-6);
  });

  it('has the gradient of central differences at random angles, at zero and at π', async () => {
    for (const vector of vectors) {
      const weights = Array.from({ length: 9 }, () => rng.normal());
      const actual = await tapeGradient(axisAngleToMatrix, tf.tensor1d(vector), weights);
      const rounded = Float64Array.from(Float32Array.from(vector));
      expect(worstError(actual, centralDifferences(onHost, rounded, weights))).toBeLessThan(5e-6);
    }
  });

  it('keeps leading dimensions and works on one vector', () => {
    expect(axisAngleToMatrix(tf.zeros([2, 16, 3])).shape).toEqual([2, 16, 3, 3]);
    expect(axisAngleToMatrix(tf.zeros([3])).shape).toEqual([3, 3]);
  });

  it('leaks nothing in 50 gradient steps', () => {
    const x = tf.zeros([2, 16, 3]);
    const step = () => tf.dispose(tf.grad((w: tf.Tensor) => tf.sum(axisAngleToMatrix(w)))(x));
    step();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 50; i++) step();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('axisAngleToMatrix', () => {
  it('refuses a last dimension that is not 3', () => {
    expect(() => axisAngleToMatrix(tf.zeros([2, 4]))).toThrow(
      'axisAngleToMatrix: expected axisAngle of shape [..., 3], got [2, 4].',
    );
  });
});
