import { OpposableError, ShapeError } from '@opposable/tensor-checks';
import { jointErrors } from './joint-errors.js';
import { meanError, medianError } from './mean-error.js';
import { mpjpe } from './mpjpe.js';

describe('jointErrors', () => {
  it('is the distance of each point in 3D and in 2D', () => {
    expect([...jointErrors([1, 2, 3, 0, 0, 0], [1, 2, 3, 2, 3, 6])]).toEqual([0, 7]);
    expect([...jointErrors([0, 0, 5, 5], [3, 4, 5, 5], { dimension: 2 })]).toEqual([5, 0]);
  });

  it('neither reads nor counts masked points', () => {
    const predicted = [0, 0, 0, NaN, NaN, NaN];
    const target = [0, 0, 2, 1, Infinity, 1];
    expect([...jointErrors(predicted, target, { mask: [true, false] })]).toEqual([2, NaN]);
    expect(mpjpe(predicted, target, { mask: Uint8Array.of(2, 0) })).toBe(2);
  });

  it('names what is wrong with its input', () => {
    expect(() => jointErrors([], [])).toThrow(
      'jointErrors: expected predicted as a flat array of N×3 numbers with N >= 1, got 0 numbers.',
    );
    expect(() => jointErrors([1, 2], [1, 2])).toThrow(ShapeError);
    expect(() => jointErrors([1, 2, 3], [1, 2, 3, 4, 5, 6])).toThrow(
      'jointErrors: expected predicted and target of the same length, got 3 and 6 numbers.',
    );
    expect(() => jointErrors([0, 0, 0, 0, NaN, 0], [0, 0, 0, 0, 0, 0])).toThrow(
      'jointErrors: expected finite coordinates, got NaN in predicted at point 1; a mask leaves points out.',
    );
    expect(() => jointErrors([0, 0, 0], [0, -Infinity, 0])).toThrow('got -Infinity in target at point 0');
    expect(() => jointErrors([0, 0, 0], [0, 0, 0], { mask: [1, 1] })).toThrow(
      'jointErrors: expected mask of 1 flags, one per point, got 2.',
    );
    expect(() => jointErrors([0, 0, 0], [0, 0, 0], { mask: [0] })).toThrow(
      'jointErrors: expected at least one valid point, got a mask without any of 1.',
    );
    expect(() => jointErrors([0], [0], { dimension: 0 })).toThrow(
      'expected dimension to be a positive integer, got 0.',
    );
  });
});

describe('mpjpe', () => {
  it('is the mean of the distances, in the unit of the points', () => {
    const predicted = [0, 0, 0, 1, 1, 1, 0, 0, 0];
    const target = [3, 4, 0, 1, 1, 1, 0, 0, 1];
    expect(mpjpe(predicted, target)).toBe(2);
    expect(
      mpjpe(
        predicted.map((x) => x * 1000),
        target.map((x) => x * 1000),
      ),
    ).toBe(2000);
  });

  it('does not change when both are moved alike, and is zero only for equal points', () => {
    const predicted = [1, 2, 3, 4, 5, 6];
    expect(mpjpe(predicted, predicted)).toBe(0);
    expect(mpjpe(predicted, [1, 2, 3, 4, 5, 6.5])).toBe(0.25);
  });
});

describe('meanError and medianError', () => {
  it('take all valid errors alike', () => {
    expect(meanError([1, 2, 6])).toBe(3);
    expect(medianError([6, 1, 2])).toBe(2);
    expect(medianError([6, 1, 2, 10])).toBe(4);
    expect(medianError([100, 20, 3], { mask: [0, 1, 1] })).toBe(11.5);
  });

  it('refuse NaN and say that the mask is missing', () => {
    expect(() => meanError([1, NaN])).toThrow(
      'meanError: expected finite errors, got NaN at index 1; give the mask with which the errors were computed.',
    );
    expect(() => medianError([])).toThrow(ShapeError);
    expect(() => meanError([1], { mask: [false] })).toThrow(OpposableError);
  });
});
