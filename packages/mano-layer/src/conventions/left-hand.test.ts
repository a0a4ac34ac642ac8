import { createRng, ManoModelError } from '@opposable/tensor-checks';
import { manoSizedHand, syntheticHand } from '../test-support/synthetic-hand.js';
import { differingFields } from '../test-support/same-model.js';
import type { ManoModel } from '../types.js';
import { leftShapeBug, negateShapeX, withLeftShape } from './left-shape-bug.js';
import { mirrorModel } from './mirror-model.js';
import { recogniseSide } from './recognise-side.js';

const rng = createRng(48);
const right = manoSizedHand(rng.split('right'));
const left = mirrorModel(right);
/** A left hand as MANO's authors distribute it: everything mirrored but x of the shape directions. */
const distributed: ManoModel = { ...left, shapeDirs: right.shapeDirs.slice() };
for (let i = 0; i < distributed.shapeDirs.length; i++) {
  const axis = Math.floor(i / 10) % 3;
  if (axis !== 0) distributed.shapeDirs[i] = left.shapeDirs[i]!;
}

describe('leftShapeBug', () => {
  it('finds the bug in the file alone, and with the right hand beside it', () => {
    expect(leftShapeBug(distributed)).toBe('present');
    expect(leftShapeBug(distributed, right)).toBe('present');
    expect(leftShapeBug(left)).toBe('absent');
    expect(leftShapeBug(left, right)).toBe('absent');
  });

  it('finds it whatever the sign of each coefficient and with growth spread over several', () => {
    for (const draw of ['a', 'b', 'c']) {
      const random = rng.split(draw);
      const mix = Array.from({ length: 10 }, () => random.normal());
      const mixed = (hand: ManoModel, flip: number): ManoModel => ({
        ...hand,
        shapeDirs: hand.shapeDirs.map((value, i) => {
          const growth = 0.03 * mix[i % 10]! * hand.vTemplate[Math.floor(i / 10)]!;
          return value + (Math.floor(i / 10) % 3 === 0 ? flip : 1) * growth;
        }),
      });
      const bare = { ...left, shapeDirs: left.shapeDirs.map(() => random.normal(0, 0.001)) };
      expect(leftShapeBug(mixed(bare, 1))).toBe('absent');
      expect(leftShapeBug(mixed(bare, -1))).toBe('present');
    }
  });

  it('does not guess where the shape directions are noise, zero or unlike the right hand', () => {
    const noise = { ...left, shapeDirs: left.shapeDirs.map(() => rng.normal(0, 0.002)) };
    expect(leftShapeBug(noise)).toBe('unclear');
    expect(leftShapeBug(noise, right)).toBe('unclear');
    expect(leftShapeBug({ ...left, shapeDirs: left.shapeDirs.map(() => 0) })).toBe('unclear');
    expect(leftShapeBug(left, { ...right, shapeDirs: new Float32Array(3) })).toBe('unclear');
  });
});

describe('withLeftShape', () => {
  it('gives the wanted sign from either file and leaves other hands alone', () => {
    expect(differingFields(withLeftShape(distributed, 'fixed', 'test'), left)).toEqual([]);
    expect(withLeftShape(left, 'fixed', 'test')).toBe(left);
    expect(differingFields(withLeftShape(left, 'as-distributed', 'test'), distributed)).toEqual([]);
    expect(withLeftShape(distributed, 'as-distributed', 'test')).toBe(distributed);
    expect(withLeftShape(right, 'as-distributed', 'test')).toBe(right);
    const other = syntheticHand({ rng: rng.split('other'), side: 'left' });
    expect(withLeftShape(other, 'as-distributed', 'test')).toBe(other);
    expect(differingFields(negateShapeX(negateShapeX(left)), left)).toEqual([]);
  });

  it('says so where the file does not tell', () => {
    const noise = { ...left, shapeDirs: left.shapeDirs.map(() => rng.normal(0, 0.002)) };
    expect(() => withLeftShape(noise, 'fixed', 'test')).toThrow(ManoModelError);
    expect(() => withLeftShape(noise, 'fixed', 'test')).toThrow("test: cannot tell whether this left hand's shape");
  });
});

describe('recogniseSide', () => {
  it('tells left from right by the geometry, wherever the hand points', () => {
    expect(recogniseSide(right)).toBe('right');
    expect(recogniseSide(left)).toBe('left');
    const quarter = (array: ManoModel['vTemplate']) =>
      array.map((_, i) => [-array[i + 1]!, array[i - 1]!, array[i]!][i % 3]!); // (x, y, z) → (−y, x, z)
    const turned = { ...right, vTemplate: quarter(right.vTemplate), handsMean: quarter(right.handsMean) };
    expect(recogniseSide(turned)).toBe('right');
  });

  it('does not guess without a mean pose or a flat hand', () => {
    expect(recogniseSide({ ...right, handsMean: new Float32Array(45) })).toBeUndefined();
    expect(recogniseSide(syntheticHand({ rng: rng.split('crumpled') }))).toBeUndefined();
  });
});
