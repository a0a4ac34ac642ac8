import { OpposableError, ShapeError } from '@opposable/tensor-checks';
import { fScore, fScores } from './f-score.js';
import { nearestDistances } from './nearest-distances.js';
import { largestDifference, readFixture } from './test-support/fixture.js';

const fixture = readFixture().pointSets;

describe('nearestDistances', () => {
  it('equals a search tree’s, both ways', () => {
    const { predictedToTarget, targetToPredicted } = nearestDistances(fixture.predicted, fixture.target);
    expect(largestDifference(predictedToTarget, fixture.predictedToTarget)).toBeLessThan(1e-12);
    expect(largestDifference(targetToPredicted, fixture.targetToPredicted)).toBeLessThan(1e-12);
  });

  it('leaves masked points out on either side', () => {
    const distances = nearestDistances([0, 0, 0, NaN, 0, 0], [1, 0, 0, 5, 0, 0], {
      predictedMask: [1, 0],
      targetMask: [0, 1],
    });
    expect([...distances.predictedToTarget]).toEqual([5]);
    expect([...distances.targetToPredicted]).toEqual([5]);
  });
});

describe('fScore', () => {
  it('equals scipy’s at every threshold', () => {
    const scores = fScores(fixture.predicted, fixture.target, fixture.thresholds).map(({ score }) => score);
    expect(largestDifference(scores, fixture.scores)).toBeLessThan(1e-12);
    expect(fScore(fixture.predicted, fixture.target, fixture.thresholds[2]!).score).toBe(scores[2]);
  });

  it('is worked out by hand for three points and four', () => {
    const predicted = [0, 0, 0, 10, 0, 0, 100, 0, 0];
    const target = [0, 3, 0, 10, 0, 4, 10, 0, -4, 0, 50, 0];
    // 2 of 3 predicted points have a target within 5; 3 of 4 target points have a prediction within 5
    expect(fScore(predicted, target, 5)).toEqual({ score: 12 / 17, precision: 2 / 3, recall: 3 / 4 });
    const swapped = fScore(target, predicted, 5);
    expect(swapped).toEqual({ score: 12 / 17, precision: 3 / 4, recall: 2 / 3 });
  });

  it('wants distances strictly below the threshold', () => {
    expect(fScore([0, 0, 0], [5, 0, 0], 5)).toEqual({ score: 0, precision: 0, recall: 0 });
    expect(fScore([0, 0, 0], [5, 0, 0], 5.0001).score).toBe(1);
  });

  it('names what is wrong with its input', () => {
    expect(() => fScore([], [1, 2, 3], 5)).toThrow(ShapeError);
    expect(() => fScore([1, 2, NaN], [1, 2, 3], 5)).toThrow('got NaN in predicted at point 0');
    expect(() => fScore([1, 2, 3], [1, 2, 3], 0)).toThrow('fScore: expected a positive threshold, got 0.');
    expect(() => fScore([1, 2, 3], [1, 2, 3], 5, { targetMask: [0] })).toThrow(OpposableError);
  });
});
