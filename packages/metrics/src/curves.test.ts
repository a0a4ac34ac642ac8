import { areaUnderCurve } from './area-under-curve.js';
import { pckCurve } from './pck-curve.js';
import { largestDifference, readFixture } from './test-support/fixture.js';
import { freihandThresholdsMm, linspace, stbPlotThresholdsMm, stbThresholdsMm } from './thresholds.js';

const { errors, thresholds, pck, auc, aucFromIndex8 } = readFixture().curves;

describe('pckCurve', () => {
  it('counts errors up to and including the threshold', () => {
    expect([...pckCurve([0, 5, 5, 10], [0, 4.999, 5, 10, 99])]).toEqual([0.25, 0.25, 0.75, 1, 1]);
    expect([...pckCurve([1, 2], [2, 1])]).toEqual([1, 0.5]);
  });

  it('equals numpy’s mean over joints of the share over hands', () => {
    expect(largestDifference(pckCurve(errors, thresholds, { jointCount: 21 }), pck)).toBeLessThan(1e-12);
    expect(largestDifference(pckCurve(errors, thresholds), pck)).toBeLessThan(1e-12); // all valid: the same
  });

  it('weighs joints alike, not errors, when told the number of joints', () => {
    const mask = [1, 1, 1, 0, 1, 0]; // joint 0: errors 0, 0, 0; joint 1: error 10
    const withHoles = [0, 10, 0, NaN, 0, NaN];
    expect([...pckCurve(withHoles, [5], { mask })]).toEqual([0.75]);
    expect([...pckCurve(withHoles, [5], { mask, jointCount: 2 })]).toEqual([0.5]);
    expect([...pckCurve([1, NaN], [5], { mask: [1, 0], jointCount: 2 })]).toEqual([1]);
  });

  it('names what is wrong with its input', () => {
    expect(() => pckCurve([1], [])).toThrow(
      'pckCurve: expected at least one threshold and all of them finite, got [].',
    );
    expect(() => pckCurve([1], [NaN])).toThrow('got [NaN].');
    expect(() => pckCurve([], [1])).toThrow('pckCurve: expected errors as a flat array');
    expect(() => pckCurve([NaN], [1])).toThrow('pckCurve: expected finite errors, got NaN at index 0');
    expect(() => pckCurve([1, 2, 3], [1], { jointCount: 2 })).toThrow('expected a multiple of jointCount = 2');
  });
});

describe('areaUnderCurve', () => {
  it('equals numpy’s trapezoid rule', () => {
    expect(areaUnderCurve(thresholds, pck)).toBeCloseTo(auc, 12);
    expect(areaUnderCurve(thresholds.slice(8), pck.slice(8))).toBeCloseTo(aucFromIndex8, 12);
    expect(areaUnderCurve(thresholds, pck, { from: thresholds[8]! })).toBeCloseTo(aucFromIndex8, 12);
  });

  it('is 1 for a curve that is 1, and the mean height of a line', () => {
    expect(areaUnderCurve([0, 1, 7, 50], [1, 1, 1, 1])).toBe(1);
    expect(areaUnderCurve([0, 50], [0.2, 0.6])).toBeCloseTo(0.4, 12);
  });

  it('interpolates at ends that lie between thresholds', () => {
    const [x, y] = [
      [0, 10, 20],
      [0, 1, 0],
    ];
    expect(areaUnderCurve(x, y, { from: 5, to: 15 })).toBeCloseTo(0.75, 12);
    expect(areaUnderCurve(x, y, { from: 2, to: 4 })).toBeCloseTo(0.3, 12);
    const parts = areaUnderCurve(x, y, { to: 3 }) * 3 + areaUnderCurve(x, y, { from: 3 }) * 17;
    expect(parts / 20).toBeCloseTo(areaUnderCurve(x, y), 12);
  });

  it('names what is wrong with its input', () => {
    expect(() => areaUnderCurve([1], [1])).toThrow(
      'areaUnderCurve: expected at least 2 thresholds and as many values, got 1 and 1.',
    );
    expect(() => areaUnderCurve([1, 2], [1, 2, 3])).toThrow('got 2 and 3.');
    expect(() => areaUnderCurve([0, 1, 1], [0, 0, 0])).toThrow(
      'expected strictly ascending thresholds, got 1 after 1.',
    );
    expect(() => areaUnderCurve([0, 1], [0, NaN])).toThrow('got value NaN at threshold 1, index 1.');
    expect(() => areaUnderCurve([10, 20], [0, 1], { from: 0 })).toThrow(
      'areaUnderCurve: expected a range within the thresholds 10 … 20, got 0 … 20.',
    );
    expect(() => areaUnderCurve([10, 20], [0, 1], { from: 15, to: 15 })).toThrow('got 15 … 15.');
  });
});

describe('thresholds', () => {
  it('are those of the published evaluations', () => {
    expect(freihandThresholdsMm()).toHaveLength(100);
    expect(freihandThresholdsMm()[1]).toBeCloseTo(0.50505, 5);
    expect(stbThresholdsMm()).toHaveLength(20);
    expect(largestDifference(stbThresholdsMm(), thresholds)).toBeLessThan(1e-12);
    expect(stbPlotThresholdsMm()[0]).toBeCloseTo(21.0526315789474, 10);
    expect(stbPlotThresholdsMm().at(-1)).toBe(50);
  });

  it('end exactly where they should', () => {
    expect(linspace(0, 0.05, 7).at(-1)).toBe(0.05);
    expect(() => linspace(0, 1, 1)).toThrow('linspace: expected count to be an integer of at least 2, got 1.');
  });
});
