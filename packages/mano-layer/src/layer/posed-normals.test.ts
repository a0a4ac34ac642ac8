import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { vertexNormals } from '../files/vertex-normals.js';
import { largestDifference } from '../test-support/reference-hand.js';
import { meshIncidence, posedNormals } from './posed-normals.js';

/** An octahedron with one loose vertex, and a degenerate triangle between two of its vertices. */
const FACES = [0, 2, 4, 2, 1, 4, 1, 3, 4, 3, 0, 4, 2, 0, 5, 1, 2, 5, 3, 1, 5, 0, 3, 5, 0, 0, 2];
const CORNERS = [1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0.3, 0.2, 0.1];
const rng = createRng(3);
const meshes = [CORNERS, CORNERS.map((value) => value + rng.normal(0, 0.2))];

describe.each(['cpu', 'wasm'])('posedNormals on the %s backend', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
  });

  it('gives the outward normals of an octahedron and those of the host', async () => {
    const incidence = meshIncidence(FACES, 7);
    const normals = posedNormals(tf.tensor3d(meshes.flat(), [2, 7, 3]), incidence);
    expect(normals.shape).toEqual([2, 7, 3]);
    const values = await normals.data();
    expect(largestDifference(values.slice(0, 18), CORNERS.slice(0, 18))).toBeLessThan(1e-6);
    expect([...values.slice(18, 21)]).toEqual([0, 0, 1]);
    expect(largestDifference(values.slice(21), vertexNormals(meshes[1]!, FACES))).toBeLessThan(1e-6);
  });

  it('has the gradient of central differences', async () => {
    const incidence = meshIncidence(FACES, 7);
    const weights = Array.from({ length: 21 }, () => rng.normal());
    const gradient = tf.grad((x) =>
      tf.sum(tf.mul(posedNormals(x as tf.Tensor3D, incidence), tf.tensor3d(weights, [1, 7, 3]))),
    )(tf.tensor3d(meshes[1]!, [1, 7, 3]));
    const actual = await gradient.data();
    const loss = (mesh: number[]) => vertexNormals(mesh, FACES).reduce((sum, n, i) => sum + n * weights[i]!, 0);
    const expected = meshes[1]!.map((_, i) => {
      const shifted = (step: number) => loss(meshes[1]!.map((value, k) => (k === i ? value + step : value)));
      return (shifted(1e-6) - shifted(-1e-6)) / 2e-6;
    });
    expect(largestDifference(actual, expected)).toBeLessThan(2e-5);
    expect([...actual.slice(18)]).toEqual([0, 0, 0]);
  });

  it('leaves no tensors behind', () => {
    const incidence = meshIncidence(FACES, 7);
    const mesh = tf.tensor3d(CORNERS, [1, 7, 3]);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 50; i++) {
      posedNormals(mesh, incidence).dispose();
      tf.grad((x) => tf.sum(posedNormals(x as tf.Tensor3D, incidence)))(mesh).dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
