import { FileFormatError } from '@opposable/tensor-checks';
import { flipCameraAxes, ho3dScores } from './ho3d-scores.js';
import { handSubmissionJson, parseHandPoints, parseHandSubmission } from './hand-submission.js';
import { pixelPck } from './pixel-pck.js';
import { parsePublishedCurve } from './published-curve.js';
import { stbScores } from './stb-scores.js';
import { largestDifference, readFixture } from './test-support/fixture.js';

const { predicted, target, targetPalm, stb, scaleTranslation, flags, pixels } = readFixture().protocols;
const metres = (points: readonly number[]): number[] => points.map((value) => value / 1000);

describe('stbScores', () => {
  it.each([
    ['the wrist', 'wrist', {}],
    ['the middle knuckle', 'middle1', { root: 'middle1' }],
    ['the wrist after scaling by a bone', 'bone', { scale: 'bone' }],
  ] as const)('is numpy’s with the hands laid on %s', (_name, key, options) => {
    const scores = stbScores(predicted, target, { targetRoot: 'wrist', ...options });
    expect(scores.meanError).toBeCloseTo(stb[key].mean, 9);
    expect(scores.medianError).toBeCloseTo(stb[key].median, 9);
    expect(largestDifference(scores.pck, stb[key].pck)).toBeLessThan(1e-12);
    expect(scores.auc20to50).toBeCloseTo(stb[key].auc20to50, 12);
    expect(scores.auc0to50).toBeCloseTo(stb[key].auc0to50, 12);
  });

  it('moves STB’s palm centre to the wrist first', () => {
    const scores = stbScores(predicted, targetPalm, { targetRoot: 'palm' });
    expect(scores.meanError).toBeCloseTo(stb.wrist.mean, 9);
    expect(stbScores(predicted, targetPalm, { targetRoot: 'wrist' }).meanError).not.toBeCloseTo(stb.wrist.mean, 3);
  });

  it('counts the root, so that the curve begins at 1/21', () => {
    expect(stbScores(predicted, target, { targetRoot: 'wrist' }).pck[0]).toBeCloseTo(1 / 21, 12);
  });

  it('refuses an option that there is not', () => {
    expect(() => stbScores(predicted, target, { targetRoot: 'thumb' as 'palm' })).toThrow(
      'stbScores: expected targetRoot to be one of palm, wrist, got "thumb".',
    );
  });
});

describe('ho3dScores', () => {
  it('has numpy’s scores with scale and translation aligned', () => {
    const scores = ho3dScores({ xyz: metres(predicted) }, { xyz: metres(target) });
    expect(scores.scaleTranslationJoints.meanErrorCm).toBeCloseTo(scaleTranslation.meanErrorCm, 9);
    expect(scores.scaleTranslationJoints.auc).toBeCloseTo(scaleTranslation.auc, 12);
    expect(scores.alignedJoints.meanErrorCm).toBeLessThan(scores.scaleTranslationJoints.meanErrorCm);
    expect(scores.scaleTranslationJoints.meanErrorCm).toBeLessThan(scores.joints.meanErrorCm);
  });

  it('is the same in OpenGL’s axes', () => {
    const there = ho3dScores({ xyz: flipCameraAxes(metres(predicted)) }, { xyz: flipCameraAxes(metres(target)) });
    const here = ho3dScores({ xyz: metres(predicted) }, { xyz: metres(target) });
    expect(there.joints.meanErrorCm).toBeCloseTo(here.joints.meanErrorCm, 12);
    expect(there.alignedJoints.meanErrorCm).toBeCloseTo(here.alignedJoints.meanErrorCm, 9);
    expect(flipCameraAxes(flipCameraAxes(target))).toEqual(Float64Array.from(target));
  });
});

describe('pixelPck', () => {
  it('is numpy’s over the labelled keypoints', () => {
    const flat = (points: readonly number[]): number[] => points.filter((_, i) => i % 3 < 2).map((value) => value / 4);
    const scores = pixelPck(flat(predicted), flat(target), flags);
    expect(largestDifference(scores.pck, pixels.pck)).toBeLessThan(1e-12);
    expect(scores.auc0to30).toBeCloseTo(pixels.auc0to30, 12);
    expect(scores.pckAt20).toBe(scores.pck[20]);
  });
});

describe('a submission', () => {
  const verts = Array.from({ length: 3 * 4 * 3 }, (_, i) => i / 7);

  it('comes back from its JSON to 0.01 mm', () => {
    const read = parseHandSubmission(JSON.parse(handSubmissionJson({ xyz: metres(target), verts })));
    expect([read.count, read.vertexCount]).toEqual([3, 4]);
    expect(largestDifference(read.xyz, metres(target))).toBeLessThan(5.1e-6);
    expect(largestDifference(read.verts!, verts)).toBeLessThan(5.1e-6);
    const joints = parseHandSubmission(JSON.parse(handSubmissionJson({ xyz: metres(target) })));
    expect([joints.count, joints.vertexCount, joints.verts]).toEqual([3, 0, undefined]);
  });

  const hand = Array.from({ length: 21 }, () => [0, 0, 0]);
  // prettier-ignore
  it.each([
    ['nothing', 7, 'expected a list of two: xyz and verts, got number.'],
    ['a hand of 20 joints', [[hand.slice(1)], [[]]], 'expected 21 points in hand 0 of xyz, got 20 points.'],
    ['a point of two numbers', [[[...hand.slice(1), [0, 1]]], [[]]], 'expected three finite numbers at point 20 of hand 0 of xyz, got [0,1].'],
    ['a null', [[[[0, null, 1], ...hand.slice(1)]], [[]]], 'expected three finite numbers at point 0 of hand 0 of xyz, got [0,null,1].'],
    ['too few meshes', [[hand, hand], [[]]], 'expected 2 hands in verts as in xyz, got 1.'],
  ])('of %s is refused', (_name, value, message) => {
    expect(() => parseHandSubmission(value)).toThrow(FileFormatError);
    expect(() => parseHandSubmission(value)).toThrow(message);
  });

  it('stands beside files of points', () => {
    expect(parseHandPoints([[[1, 2, 3]], [[4, 5, 6]]], 'verts.json')).toEqual(new Float64Array([1, 2, 3, 4, 5, 6]));
    expect(() => parseHandPoints({}, 'verts.json')).toThrow('expected verts.json as a list of hands, got object.');
  });
});

describe('parsePublishedCurve', () => {
  it('reads both forms and every separator', () => {
    expect(parsePublishedCurve('0.0\n0.5\r\n1.0\n\n', 'a')).toEqual({ thresholds: [0, 1, 2], pck: [0, 0.5, 1] });
    expect(parsePublishedCurve('20, 0.5\n25.5\t0.6\n30 0.7;', 'a')).toEqual({ thresholds: [20, 25.5, 30], pck: [0.5, 0.6, 0.7] }); // prettier-ignore
  });

  // prettier-ignore
  it.each([
    ['words', 'threshold pck\n1 2', 'expected a value, or a threshold and a value in line 1 of a, got "threshold pck".'],
    ['percent', '20 50\n25 60', 'expected a value from 0 to 1 in line 1 of a, got 50.'],
    ['a step back', '20 0.5\n10 0.6', 'expected a threshold above 20 in line 2 of a, got 10.'],
    ['a lone number', '20 0.5\n25', 'expected a threshold and a value in line 2 of a, got one number.'],
    ['nothing', '', 'expected at least two lines in line 1 of a, got 0.'],
  ])('refuses %s', (_name, text, message) => {
    expect(() => parsePublishedCurve(text, 'a')).toThrow(message);
  });
});
