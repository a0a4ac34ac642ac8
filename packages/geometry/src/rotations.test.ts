import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import * as host from './host/index.js';
import {
  axisAngleToMatrix,
  matrixToAxisAngle,
  matrixToQuaternion,
  matrixToRotation6d,
  quaternionToAxisAngle,
  quaternionToMatrix,
  rotation6dToMatrix,
} from './index.js';
import { readFixture } from './test-support/fixture.js';
import { gradientError } from './test-support/gradcheck.js';
import { worstError } from './test-support/gradients.js';
import { DELICATE_ANGLES, randomVector } from './test-support/random-rotations.js';

const rng = createRng('rotations');
const normals = (count: number) => Array.from({ length: count }, () => rng.normal());
const vectors = DELICATE_ANGLES.map((angle) => randomVector(rng, angle));
const halfTurns = [
  [Math.PI, 0, 0],
  [0, Math.PI, 0],
  [0, 0, Math.PI],
  ...[1, 2, 3].map(() => randomVector(rng, Math.PI)),
];
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
const layouts = ['columns', 'interleaved', 'rows'] as const;
const { rotations } = readFixture();

describe.each(['cpu', 'wasm'])('rotation conversions on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
  });

  it('equal those of scipy', async () => {
    const count = rotations.length;
    const flat = (key: 'axisAngle' | 'matrix' | 'quaternion') => rotations.flatMap((entry) => entry[key]);
    const matrices = tf.tensor(flat('matrix'), [count, 3, 3]);
    const quaternions = tf.tensor(flat('quaternion'), [count, 4]);
    expect(worstError(await matrixToQuaternion(matrices).data(), flat('quaternion'))).toBeLessThan(1e-6);
    expect(worstError(await quaternionToMatrix(quaternions).data(), flat('matrix'))).toBeLessThan(1e-6);
    expect(worstError(await quaternionToAxisAngle(quaternions).data(), flat('axisAngle'))).toBeLessThan(1e-6);
    expect(worstError(await matrixToAxisAngle(matrices).data(), flat('axisAngle'))).toBeLessThan(1e-6);
  });

  it('return from matrices to axis-angle vectors, also at zero and near π', async () => {
    const back = matrixToAxisAngle(axisAngleToMatrix(tf.tensor2d(vectors)));
    expect(worstError(await back.data(), vectors.flat())).toBeLessThan(1e-6);
  });

  it('give one of the two axes at a half turn, with its matrix', async () => {
    const matrices = halfTurns.flatMap((vector) => [...host.axisAngleToMatrix(vector)]);
    const back = matrixToAxisAngle(tf.tensor(matrices, [halfTurns.length, 3, 3]));
    expect(worstError(await axisAngleToMatrix(back).data(), matrices)).toBeLessThan(1e-6);
  });

  it('matrixToAxisAngle and matrixToQuaternion have the gradients of central differences, at half turns too', async () => {
    for (const vector of [...vectors, ...halfTurns]) {
      const matrix = tf.tensor(Array.from(host.axisAngleToMatrix(vector)), [3, 3]);
      const quaternion = await matrixToQuaternion(matrix).data();
      const axisAngle = await matrixToAxisAngle(matrix).data();
      // A half turn is where q jumps to −q: the host values are kept on the side that the tensor function chose.
      const quaternionOnHost = (m: Float64Array) => {
        const q = host.matrixToQuaternion(m);
        return dot(q, quaternion) < 0 ? q.map((value) => -value) : q;
      };
      const axisAngleOnHost = (m: Float64Array) => {
        const w = host.matrixToAxisAngle(m);
        return dot(w, axisAngle) < -1 ? w.map((value) => value * (1 - (2 * Math.PI) / Math.hypot(...w))) : w;
      };
      expect(await gradientError(matrixToQuaternion, quaternionOnHost, matrix, normals(4))).toBeLessThan(1e-5);
      expect(await gradientError(matrixToAxisAngle, axisAngleOnHost, matrix, normals(3))).toBeLessThan(1e-5);
    }
  });

  it('quaternionToAxisAngle has the gradient of central differences', async () => {
    for (const vector of vectors) {
      const q = Array.from(host.matrixToQuaternion(host.axisAngleToMatrix(vector)));
      for (const scale of [1, -1, 2.5]) {
        const quaternion = tf.tensor1d(q.map((value) => value * scale));
        const error = await gradientError(quaternionToAxisAngle, host.quaternionToAxisAngle, quaternion, normals(3));
        expect(error).toBeLessThan(1e-5);
      }
    }
  });

  it('quaternionToAxisAngle stays finite at the zero quaternion', async () => {
    const { value, grad } = tf.valueAndGrad((q: tf.Tensor) => tf.sum(quaternionToAxisAngle(q)))(tf.zeros([4]));
    expect(Array.from(await value.data())).toEqual([0]);
    expect(Array.from(await grad.data()).every(Number.isFinite)).toBe(true);
  });

  it('the gradient through axisAngleToMatrix and back is the identity, at zero and near π too', async () => {
    for (const vector of vectors) {
      const weights = normals(3);
      const gradient = tf.grad((w: tf.Tensor) =>
        tf.sum(tf.mul(matrixToAxisAngle(axisAngleToMatrix(w)), tf.tensor1d(weights))),
      )(tf.tensor1d(vector));
      expect(worstError(await gradient.data(), weights)).toBeLessThan(1e-5);
    }
  });

  it('quaternionToMatrix has the gradient of central differences, and none at the zero quaternion', async () => {
    for (const quaternion of [[1, 0, 0, 0], [0, 0, 1, 0], [-2, 1e-4, 0, 0], normals(4), normals(4)]) {
      const x = tf.tensor1d(quaternion);
      expect(await gradientError(quaternionToMatrix, host.quaternionToMatrix, x, normals(9))).toBeLessThan(1e-5);
    }
    const atZero = tf.grad((q: tf.Tensor) => tf.sum(quaternionToMatrix(q)))(tf.zeros([4]));
    expect(Array.from(await atZero.data(), Math.abs)).toEqual([0, 0, 0, 0]);
    expect(Array.from(await quaternionToMatrix(tf.zeros([4])).data())).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it.each(layouts)('rotation6dToMatrix equals the host and central differences in layout %s', async (layout) => {
    const onTensors = (x: tf.Tensor) => rotation6dToMatrix(x, { layout });
    const onHost = (x: Float64Array) => host.rotation6dToMatrix(x, { layout });
    const six = normals(6);
    expect(worstError(await onTensors(tf.tensor1d(six)).data(), onHost(Float64Array.from(six)))).toBeLessThan(1e-6);
    expect(await gradientError(onTensors, onHost, tf.tensor1d(six), normals(9))).toBeLessThan(1e-5);
    const matrix = Array.from(host.axisAngleToMatrix([0.1, 2, -1]));
    const identity = tf.tensor1d(Array.from(host.matrixToRotation6d([1, 0, 0, 0, 1, 0, 0, 0, 1], { layout })));
    expect(await gradientError(onTensors, onHost, identity, normals(9))).toBeLessThan(1e-5);
    const sixOfMatrix = (x: tf.Tensor) => matrixToRotation6d(x, { layout });
    const sixOnHost = (x: Float64Array) => host.matrixToRotation6d(x, { layout });
    const asTensor = tf.tensor(matrix, [3, 3]);
    expect(worstError(await sixOfMatrix(asTensor).data(), sixOnHost(Float64Array.from(matrix)))).toBeLessThan(1e-7);
    expect(await gradientError(sixOfMatrix, sixOnHost, asTensor, normals(6))).toBeLessThan(1e-6);
  });

  it('rotation6dToMatrix stays finite for zeros and parallel vectors, in value and gradient', async () => {
    for (const six of [
      [0, 0, 0, 0, 0, 0],
      [1, 2, 3, 2, 4, 6],
    ]) {
      const onTensors = (x: tf.Tensor) => rotation6dToMatrix(x, { layout: 'columns' });
      const gradient = tf.grad((x: tf.Tensor) => tf.sum(onTensors(x)))(tf.tensor1d(six));
      expect(Array.from(await onTensors(tf.tensor1d(six)).data()).every(Number.isFinite)).toBe(true);
      expect(Array.from(await gradient.data()).every(Number.isFinite)).toBe(true);
    }
  });

  it('keep leading dimensions', () => {
    expect(matrixToAxisAngle(tf.zeros([2, 16, 3, 3])).shape).toEqual([2, 16, 3]);
    expect(matrixToQuaternion(tf.zeros([2, 16, 3, 3])).shape).toEqual([2, 16, 4]);
    expect(quaternionToAxisAngle(tf.zeros([2, 16, 4])).shape).toEqual([2, 16, 3]);
    expect(quaternionToMatrix(tf.zeros([4])).shape).toEqual([3, 3]);
    expect(rotation6dToMatrix(tf.zeros([2, 16, 6]), { layout: 'rows' }).shape).toEqual([2, 16, 3, 3]);
    expect(matrixToRotation6d(tf.zeros([5, 3, 3]), { layout: 'rows' }).shape).toEqual([5, 6]);
  });

  it('leak nothing in 50 gradient steps', () => {
    const x = tf.tensor2d([
      [0.1, 0, 0.2],
      [0, 0, 0],
    ]);
    const chain = (w: tf.Tensor) => {
      const six = matrixToRotation6d(axisAngleToMatrix(w), { layout: 'rows' });
      const quaternion = matrixToQuaternion(rotation6dToMatrix(six, { layout: 'rows' }));
      return tf.add(
        tf.sum(quaternionToAxisAngle(quaternion)),
        tf.sum(matrixToAxisAngle(quaternionToMatrix(quaternion))),
      );
    };
    const step = () => tf.dispose(tf.grad(chain)(x));
    step();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 50; i++) step();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('rotation conversions', () => {
  it('refuse wrong shapes and layouts by name', () => {
    const wrong = tf.zeros([2, 5]);
    expect(() => matrixToAxisAngle(wrong)).toThrow(
      'matrixToAxisAngle: expected matrix of shape [..., 3, 3], got [2, 5].',
    );
    expect(() => matrixToQuaternion(wrong)).toThrow('matrixToQuaternion: expected matrix');
    expect(() => quaternionToAxisAngle(wrong)).toThrow('quaternionToAxisAngle: expected quaternion of shape [..., 4]');
    expect(() => quaternionToMatrix(wrong)).toThrow('quaternionToMatrix: expected quaternion of shape [..., 4]');
    expect(() => rotation6dToMatrix(wrong, { layout: 'rows' })).toThrow('expected rotation6d of shape [..., 6]');
    expect(() => matrixToRotation6d(wrong, { layout: 'rows' })).toThrow('expected matrix of shape [..., 3, 3]');
    expect(() => rotation6dToMatrix(tf.zeros([6]), { layout: 'row' as 'rows' })).toThrow(
      'rotation6dToMatrix: expected layout to be one of columns, interleaved, rows, got row.',
    );
  });
});
