import { reorder } from '@opposable/keypoint-order';
import { alignHands } from './align-hands.js';
import { alignRoot } from './align-root.js';
import { perHandErrors } from './grouped-errors.js';
import { jointErrors } from './joint-errors.js';
import { mpjpe } from './mpjpe.js';
import { paMpjpe } from './pa-mpjpe.js';
import { rootAlignedMpjpe } from './root-aligned-mpjpe.js';
import { largestDifference, readFixture } from './test-support/fixture.js';

const { predicted, target, mask, forbid, allow } = readFixture().procrustes;

describe('alignHands', () => {
  it.each([
    ['forbid', forbid],
    ['allow', allow],
  ] as const)('gives scipy’s alignment with reflection %s', (reflection, expected) => {
    const aligned = alignHands(predicted, target, { reflection });
    expect(largestDifference(aligned, expected.aligned)).toBeLessThan(1e-9);
    expect(largestDifference(perHandErrors(jointErrors(aligned, target)), expected.perHand)).toBeLessThan(1e-9);
  });

  it('takes hands of any number of points and units', () => {
    const metres = Float32Array.from(predicted, (x) => x / 1000);
    const asOneHand = alignHands(metres, target, { jointCount: 84 });
    expect(mpjpe(asOneHand, target)).toBeGreaterThan(mpjpe(alignHands(metres, target), target));
    expect(largestDifference(alignHands(metres, target), forbid.aligned)).toBeLessThan(1e-3);
  });

  it('leaves wholly masked hands alone and says which hand has too few points', () => {
    const flags = new Uint8Array(84).fill(1).fill(0, 21, 42);
    const aligned = alignHands(predicted, target, { mask: flags });
    expect([...aligned.subarray(63, 126)]).toEqual(predicted.slice(63, 126));
    flags[30] = 1;
    expect(() => alignHands(predicted, target, { mask: flags })).toThrow(
      'alignHands: expected at least 3 valid points in a hand, got 1 in hand 1; mask the whole hand to leave it out.',
    );
  });

  it('scores a collapsed prediction by the distance from the target’s centre', () => {
    const square = [1, 0, 0, 0, 1, 0, -1, 0, 0, 0, -1, 0];
    expect(paMpjpe(new Float64Array(12), square, { jointCount: 4 })).toBeCloseTo(1, 12);
  });

  it('refuses a number of points that is not whole hands', () => {
    expect(() => alignHands(new Float64Array(48), new Float64Array(48))).toThrow(
      'alignHands: expected a multiple of jointCount = 21 points, got 16; give jointCount for hands of another size.',
    );
  });
});

describe('paMpjpe', () => {
  it('equals scipy’s for both protocols, with and without a mask', () => {
    expect(paMpjpe(predicted, target)).toBeCloseTo(forbid.mean, 10);
    expect(paMpjpe(predicted, target, { reflection: 'allow' })).toBeCloseTo(allow.mean, 10);
    expect(paMpjpe(predicted, target, { mask })).toBeCloseTo(forbid.maskedMean, 10);
    expect(paMpjpe(predicted, target, { mask, reflection: 'allow' })).toBeCloseTo(allow.maskedMean, 10);
  });

  it('does not read masked points', () => {
    const holes = predicted.map((x, i) => (mask[Math.floor(i / 3)] ? x : NaN));
    expect(paMpjpe(holes, target, { mask })).toBeCloseTo(forbid.maskedMean, 10);
    expect(() => paMpjpe(holes, target)).toThrow('expected finite coordinates, got NaN in predicted');
  });

  it('does not see scale, rotation and translation of the prediction, and does see a reflection', () => {
    const hand = target.slice(0, 63);
    const turned = hand.map((_, i) => 100 + 0.3 * [-hand[i + 1]!, hand[i - 1]!, hand[i]!][i % 3]!);
    expect(paMpjpe(turned, hand)).toBeLessThan(1e-10);
    const mirrored = hand.map((x, i) => (i % 3 === 0 ? -x : x));
    expect(paMpjpe(mirrored, hand)).toBeGreaterThan(5);
    expect(paMpjpe(mirrored, hand, { reflection: 'allow' })).toBeLessThan(1e-10);
  });

  it('aligns each hand by itself, and is in the unit of the target', () => {
    const each = [0, 1, 2, 3].map((h) =>
      paMpjpe(predicted.slice(63 * h, 63 * h + 63), target.slice(63 * h, 63 * h + 63)),
    );
    expect(paMpjpe(predicted, target)).toBeCloseTo(each.reduce((a, b) => a + b) / 4, 10);
    const targetInMetres = target.map((x) => x / 1000);
    expect(paMpjpe(predicted, targetInMetres)).toBeCloseTo(forbid.mean / 1000, 12);
  });
});

describe('alignRoot', () => {
  it('moves each hand by the difference of its roots', () => {
    const hand = [0, 0, 0, 1, 1, 1];
    expect([
      ...alignRoot([...hand, ...hand], [5, 6, 7, 0, 0, 0, 9, 9, 9, 1, 2, 3], { jointCount: 2, root: 1 }),
    ]).toEqual([-1, -1, -1, 0, 0, 0, 0, 1, 2, 1, 2, 3]);
  });

  it('finds the root by name in the order of the joints', () => {
    const inOrder = (points: number[], order: string) => reorder(points, 'panoptic', order, { dimension: 3 });
    const [p, t] = [predicted.slice(0, 63), target.slice(0, 63)];
    const error = rootAlignedMpjpe(p, t);
    const errorAtKnuckle = rootAlignedMpjpe(p, t, { root: 'middle1' });
    expect(errorAtKnuckle).not.toBeCloseTo(error, 1);
    for (const order of ['interhand', 'mano', 'rhd']) {
      expect(rootAlignedMpjpe(inOrder(p, order), inOrder(t, order), { order })).toBeCloseTo(error, 10);
      const at = rootAlignedMpjpe(inOrder(p, order), inOrder(t, order), { order, root: 'middle1' });
      expect(at).toBeCloseTo(errorAtKnuckle, 10);
    }
    expect(rootAlignedMpjpe(p, t, { root: 9 })).toBeCloseTo(errorAtKnuckle, 10);
  });

  it('needs the root of every hand that takes part', () => {
    const points = new Float64Array(12);
    const options = { jointCount: 2, root: 0 };
    expect(() => alignRoot(points, points, { ...options, mask: [1, 1, 0, 1] })).toThrow(
      'alignRoot: expected a valid root in every hand with valid points, got hand 1 with joint 0 masked.',
    );
    expect(() => alignRoot(points, points, { ...options, mask: [1, 1, 0, 0] })).not.toThrow();
    expect(() => alignRoot(points, points, { jointCount: 2, root: 2 })).toThrow(
      'alignRoot: expected a root among 2 joints, got 2.',
    );
  });
});
