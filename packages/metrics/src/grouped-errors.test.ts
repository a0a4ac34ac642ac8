import { ShapeError } from '@opposable/tensor-checks';
import { names } from '@opposable/keypoint-order';
import { perFingerErrors, perHandErrors, perJointErrors } from './grouped-errors.js';

/** Two hands; the error of joint j is j in the first and j + 10 in the second. */
const errors = Array.from({ length: 42 }, (_, i) => (i % 21) + 10 * Math.floor(i / 21));

describe('perJointErrors', () => {
  it('averages each joint over hands', () => {
    const means = perJointErrors(errors);
    expect(means.wrist).toBe(5);
    expect(means.thumb1).toBe(6);
    expect(means.pinky4).toBe(25);
    expect(Object.keys(means)).toHaveLength(21);
  });

  it('follows the order of the joints', () => {
    expect(perJointErrors(errors, { order: 'interhand' })).toMatchObject({ thumb4: 5, wrist: 25 });
    expect(perJointErrors(errors, { order: 'stb' })).toMatchObject({ palm: 5, pinky1: 6 });
  });

  it('leaves out what is masked, and joints that are nowhere valid', () => {
    const mask = errors.map((_, i) => (i % 21 === 3 || i === 0 ? 0 : 1));
    const means = perJointErrors(
      errors.map((e, i) => (mask[i] ? e : NaN)),
      { mask },
    );
    expect(means.wrist).toBe(10);
    expect('thumb3' in means).toBe(false);
    expect(Object.keys(means)).toHaveLength(20);
  });

  it('needs whole hands', () => {
    expect(() => perJointErrors([1, 2, 3])).toThrow(ShapeError);
    expect(() => perJointErrors(errors.map(() => NaN))).toThrow('expected finite errors, got NaN at index 0');
  });
});

describe('perFingerErrors', () => {
  it('averages the four joints of a finger, the same in every order', () => {
    const expected = { root: 5, thumb: 7.5, index: 11.5, middle: 15.5, ring: 19.5, pinky: 23.5 };
    expect(perFingerErrors(errors)).toEqual(expected);
    const byName = Object.fromEntries(names('panoptic').map((joint, i) => [joint, i + 5]));
    const inOrder = names('fpha').map((joint) => byName[joint]!);
    expect(perFingerErrors(inOrder, { order: 'fpha' })).toEqual(expected);
  });

  it('leaves out a finger that is nowhere valid', () => {
    const mask = names('panoptic').map((joint) => !joint.startsWith('ring'));
    expect(Object.keys(perFingerErrors(errors.slice(0, 21), { mask }))).toEqual([
      'root',
      'thumb',
      'index',
      'middle',
      'pinky',
    ]);
  });
});

describe('perHandErrors', () => {
  it('averages each hand over its valid joints', () => {
    expect([...perHandErrors(errors)]).toEqual([10, 20]);
    const mask = errors.map((_, i) => i === 20);
    expect([...perHandErrors(errors, { mask })]).toEqual([20, NaN]);
    expect([...perHandErrors([1, 3, 5], { jointCount: 1 })]).toEqual([1, 3, 5]);
  });
});
