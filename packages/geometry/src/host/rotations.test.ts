import { createRng } from '@opposable/tensor-checks';
import { readFixture } from '../test-support/fixture.js';
import { worstError } from '../test-support/gradients.js';
import { randomVector } from '../test-support/random-rotations.js';
import {
  axisAngleToMatrix,
  determinant3x3,
  matrixToAxisAngle,
  matrixToQuaternion,
  matrixToRotation6d,
  multiply3x3,
  quaternionToAxisAngle,
  quaternionToMatrix,
  rotation6dToMatrix,
  transpose3x3,
} from './index.js';

const { rotations } = readFixture();
const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];

describe('rotations on the host', () => {
  it('equal those of scipy, from zero angle to almost π', () => {
    for (const { axisAngle, matrix, quaternion } of rotations) {
      expect(worstError(axisAngleToMatrix(axisAngle), matrix)).toBeLessThan(1e-14);
      expect(worstError(quaternionToMatrix(quaternion), matrix)).toBeLessThan(1e-14);
      expect(worstError(matrixToQuaternion(matrix), quaternion)).toBeLessThan(1e-14);
      expect(worstError(quaternionToAxisAngle(quaternion), axisAngle)).toBeLessThan(1e-14);
      expect(worstError(matrixToAxisAngle(matrix), axisAngle)).toBeLessThan(1e-14);
    }
  });

  it('give one of the two axes at exactly π', () => {
    for (const axis of [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.6, 0, -0.8], randomVector(createRng(1), 1)]) {
      const matrix = axisAngleToMatrix(axis.map((value) => value * Math.PI));
      const back = matrixToAxisAngle(matrix);
      expect(Math.hypot(...back)).toBeCloseTo(Math.PI, 14);
      expect(worstError(axisAngleToMatrix(back), matrix)).toBeLessThan(1e-14);
    }
  });

  it('accept quaternions of any length and sign, and the zero quaternion as no rotation', () => {
    const { axisAngle, matrix, quaternion } = rotations[7]!;
    const scaled = quaternion.map((value) => value * -3);
    expect(worstError(quaternionToMatrix(scaled), matrix)).toBeLessThan(1e-14);
    expect(worstError(quaternionToAxisAngle(scaled), axisAngle)).toBeLessThan(1e-14);
    expect([...quaternionToMatrix([0, 0, 0, 0])]).toEqual(IDENTITY);
    expect([...quaternionToAxisAngle([0, 0, 0, 0])]).toEqual([0, 0, 0]);
  });

  it('come back from six numbers in each layout, also when the six are scaled and sheared', () => {
    const matrix = rotations[12]!.matrix;
    const [a, b] = [0, 1].map((j) => [matrix[j]!, matrix[3 + j]!, matrix[6 + j]!]) as [number[], number[]];
    const sheared = b.map((value, i) => 0.5 * value + 2 * a[i]!);
    expect(worstError(rotation6dToMatrix([...a, ...sheared], { layout: 'columns' }), matrix)).toBeLessThan(1e-14);
    const woven = a.flatMap((value, i) => [value * 7, sheared[i]!]);
    expect(worstError(rotation6dToMatrix(woven, { layout: 'interleaved' }), matrix)).toBeLessThan(1e-14);
    const asRows = transpose3x3(matrix);
    expect(worstError(rotation6dToMatrix([...a, ...sheared], { layout: 'rows' }), asRows)).toBeLessThan(1e-14);
    for (const layout of ['columns', 'interleaved', 'rows'] as const) {
      const six = matrixToRotation6d(matrix, { layout });
      expect(worstError(rotation6dToMatrix(six, { layout }), matrix)).toBeLessThan(1e-14);
    }
  });

  it('name the layouts that are accepted', () => {
    const layout = 'column' as 'columns';
    expect(() => rotation6dToMatrix([1, 0, 0, 0, 1, 0], { layout })).toThrow(
      'rotation6dToMatrix: expected layout to be one of columns, interleaved, rows, got column.',
    );
    expect(() => matrixToRotation6d(IDENTITY, { layout: 'toString' as 'rows' })).toThrow('got toString.');
  });

  it('multiply and transpose as matrices do', () => {
    const [a, b] = [rotations[5]!.matrix, rotations[9]!.matrix];
    const product = multiply3x3(a, b);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const expected = [0, 1, 2].reduce((sum, k) => sum + a[i * 3 + k]! * b[k * 3 + j]!, 0);
        expect(product[i * 3 + j]).toBeCloseTo(expected, 14);
      }
    }
    expect(worstError(multiply3x3(a, transpose3x3(a)), IDENTITY)).toBeLessThan(1e-14);
    expect(determinant3x3(a)).toBeCloseTo(1, 14);
    expect(determinant3x3([2, 0, 0, 0, 0, 3, 0, 5, 0])).toBe(-30);
  });
});
