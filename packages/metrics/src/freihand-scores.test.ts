import { freihandScores } from './freihand-scores.js';
import { readFixture } from './test-support/fixture.js';

const fixture = readFixture().freihand;
const predicted = { xyz: fixture.predictedJoints, verts: fixture.predictedVerts };
const target = { xyz: fixture.joints, verts: fixture.verts };

describe('freihandScores', () => {
  it('equals the evaluation done with numpy and scipy', () => {
    const scores = freihandScores(predicted, target);
    const pairs = [
      [scores.joints, fixture.rawJoints],
      [scores.alignedJoints, fixture.alignedJoints],
      [scores.mesh!, fixture.rawVerts],
      [scores.alignedMesh!, fixture.alignedVerts],
    ] as const;
    for (const [actual, expected] of pairs) {
      for (const [name, value] of Object.entries(expected)) {
        expect(actual[name as 'auc']).toBeCloseTo(value as number, 10);
      }
    }
  });

  it('allows reflections in its alignment, as the official evaluation does', () => {
    const mirrored = fixture.joints.map((x, i) => (i % 3 === 0 ? -x : x));
    const scores = freihandScores({ xyz: mirrored }, { xyz: fixture.joints });
    expect(scores.alignedJoints.meanErrorCm).toBeLessThan(1e-9);
    expect(scores.joints.meanErrorCm).toBeGreaterThan(1);
    expect(scores.mesh).toBeUndefined();
  });

  it('scores a prediction of zeros as the mean distance from the centre of each hand, after alignment', () => {
    const zeros = { xyz: new Float64Array(189) };
    let sum = 0;
    for (let hand = 0; hand < 3; hand++) {
      const joints = Array.from({ length: 21 }, (_, j) =>
        fixture.joints.slice(63 * hand + 3 * j, 63 * hand + 3 * j + 3),
      );
      const centre = [0, 1, 2].map((d) => joints.reduce((total, joint) => total + joint[d]!, 0) / 21);
      for (const joint of joints) sum += Math.hypot(...joint.map((x, d) => x - centre[d]!));
    }
    expect(freihandScores(zeros, { xyz: fixture.joints }).alignedJoints.meanErrorCm).toBeCloseTo((sum / 63) * 100, 10);
  });

  it('wants whole hands and vertices on both sides', () => {
    expect(() => freihandScores({ xyz: [1, 2, 3] }, { xyz: [1, 2, 3] })).toThrow(
      'expected a multiple of jointCount = 21',
    );
    expect(() => freihandScores(predicted, { xyz: target.xyz })).toThrow(
      'freihandScores: expected as many vertices for each of 3 hands in predicted and target, got 540 and 0 numbers.',
    );
    expect(() => freihandScores({ xyz: target.xyz }, target)).toThrow('predicted.verts');
  });
});
