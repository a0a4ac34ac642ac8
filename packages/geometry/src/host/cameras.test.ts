import { worstError } from '../test-support/gradients.js';
import {
  perspectiveToWeak,
  projectPerspective,
  projectWeakPerspective,
  transformPoints,
  weakToPerspective,
} from './index.js';

const intrinsics = [600, 3, 120, 0, 640, 130, 0, 0, 1];

describe('cameras on the host', () => {
  it('project a point worked out by hand', () => {
    // u = (600·0.1 + 3·(−0.2) + 120·2)/2, v = (640·(−0.2) + 130·2)/2
    expect([...projectPerspective([0.1, -0.2, 2], intrinsics)]).toEqual([(60 - 0.6 + 240) / 2, (-128 + 260) / 2]);
    const room = new Float64Array(3);
    expect(projectPerspective([0.1, -0.2, 2], intrinsics, room)).toBe(room);
    expect([...room]).toEqual([(60 - 0.6 + 240) / 2, (-128 + 260) / 2, 0]);
    expect([...projectWeakPerspective([0.1, -0.2, 9], 500, [128, 130])]).toEqual([178, 30]);
    const early = projectWeakPerspective([0.1, -0.2, 9], 500, [0.3, 0.5], { form: 'translate-before-scale' });
    expect(worstError(early, [200, 150])).toBeLessThan(1e-14);
  });

  it('map weak perspective to perspective and back', () => {
    const position = weakToPerspective(545, [100, 160], intrinsics);
    expect(position[2]).toBe(620 / 545);
    expect(worstError(projectPerspective(position, intrinsics), [100, 160])).toBeLessThan(1e-14);
    const back = perspectiveToWeak(position, intrinsics);
    expect(back.scale).toBeCloseTo(545, 10);
    expect(worstError(back.translation, [100, 160])).toBeLessThan(1e-13);
  });

  it('agree to first order: a weak camera draws a flat object where the perspective camera does', () => {
    const square = [800, 0, 120, 0, 800, 130, 0, 0, 1];
    const object = [0.05, 0, 0, 0, 0.08, 0, -0.04, 0.02, 0, 0, 0, 0];
    const position = weakToPerspective(545, [100, 160], square);
    const moved = transformPoints([1, 0, 0, 0, 1, 0, 0, 0, 1], object, position);
    expect(worstError(projectPerspective(moved, square), projectWeakPerspective(object, 545, [100, 160]))).toBeLessThan(
      1e-14,
    );
  });

  it('refuse an unknown form, a length that is no list of points and too little room', () => {
    expect(() => projectPerspective([1, 2, 3, 4, 5, 6], intrinsics, new Float64Array(3))).toThrow(
      'projectPerspective: expected result to hold 4 numbers, got room for 3.',
    );
    expect(() => projectWeakPerspective([1, 2, 3], 1, [0, 0], { form: 'after' as 'translate-after-scale' })).toThrow(
      'projectWeakPerspective: expected form to be one of translate-after-scale, translate-before-scale, got after.',
    );
    expect(() => projectPerspective([1, 2], intrinsics)).toThrow(
      'projectPerspective: expected points as a flat array of N×3 numbers, got 2 numbers.',
    );
  });
});
