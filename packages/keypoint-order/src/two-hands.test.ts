import { splitInterhandHands, splitRhdHands } from './two-hands.js';

const joints = Array.from({ length: 42 }, (_, i) => `joint ${i}`);

describe('splitting 42 joints', () => {
  it('takes the first half of RHD as the left hand', () => {
    const { left, right } = splitRhdHands(joints);
    expect([left[0], left[20], right[0], right[20]]).toEqual(['joint 0', 'joint 20', 'joint 21', 'joint 41']);
  });

  it('takes the first half of InterHand2.6M as the right hand', () => {
    const { left, right } = splitInterhandHands(joints);
    expect([right[0], right[20], left[0], left[20]]).toEqual(['joint 0', 'joint 20', 'joint 21', 'joint 41']);
  });

  it('splits flat typed arrays into copies', () => {
    const flat = Float32Array.from({ length: 126 }, (_, i) => i);
    const { left, right } = splitRhdHands(flat);
    expect([left.length, right.length, right[0]]).toEqual([63, 63, 63]);
    left[0] = 99;
    expect(flat[0]).toBe(0);
  });

  it('says what it got instead of 42 joints', () => {
    expect(() => splitRhdHands(joints.slice(0, 21))).toThrow('splitRhdHands: expected 42 entries, got 21.');
    expect(() => splitInterhandHands(new Float64Array(63))).toThrow(
      'splitInterhandHands: expected 42 × dimension numbers, got 63.',
    );
    expect(() => splitRhdHands([...joints, ...joints])).toThrow('got 84.');
  });
});
