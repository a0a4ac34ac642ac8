import { createRng } from '@opposable/tensor-checks';
import { axisAngleToMatrix } from './axis-angle-to-matrix.js';
import { invertRigidTransform } from './invert-rigid-transform.js';
import { transformPoints } from './transform-points.js';

describe('invertRigidTransform', () => {
  it('brings points back to where they were', () => {
    const rng = createRng(3);
    const draw = (count: number) => Array.from({ length: count }, () => rng.normal());
    const transform = { rotation: axisAngleToMatrix(draw(3)), translation: draw(3) };
    const points = draw(12);
    const there = transformPoints(transform.rotation, points, transform.translation);
    const back = invertRigidTransform(transform);
    transformPoints(back.rotation, there, back.translation).forEach((value, i) =>
      expect(value).toBeCloseTo(points[i]!, 14),
    );
  });

  it('of a quarter turn about z and a step along x steps back along the turned axis', () => {
    const { translation } = invertRigidTransform({ rotation: [0, -1, 0, 1, 0, 0, 0, 0, 1], translation: [2, 0, 0] });
    expect([...translation].map((value) => value + 0)).toEqual([0, 2, 0]);
  });
});
