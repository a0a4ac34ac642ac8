import { permutation } from '@opposable/keypoint-order';
import { createRng, DatasetError } from '@opposable/tensor-checks';
import { syntheticSample } from '../test-support/synthetic-sample.js';
import { mirrorSample } from '../transform/mirror-sample.js';
import { reorderSample } from '../transform/reorder-sample.js';
import type { HandSample } from '../types.js';
import { checkSampleConformance } from './check-sample-conformance.js';

const sample = syntheticSample(createRng('conformance'), { width: 320, height: 240 });
const checks = (changed: HandSample): string[] => [
  ...new Set(checkSampleConformance(changed).problems.map(({ check }) => check)),
];

describe('checkSampleConformance', () => {
  it('finds nothing wrong with a hand, in any order, mirrored or not', () => {
    for (const order of ['panoptic', 'mano', 'rhd', 'interhand', 'mano-raw']) {
      expect(checkSampleConformance(reorderSample(sample, order)).problems).toEqual([]);
    }
    expect(checkSampleConformance(mirrorSample(sample)).problems).toEqual([]);
  });

  it('measures projection, length and curl', () => {
    const { projectionError, handLength, handedness } = checkSampleConformance(sample);
    expect(projectionError).toBeLessThan(1e-9);
    expect(handLength).toBeCloseTo(90 + 40 + 28 + 22, 9);
    expect(handedness).toBeGreaterThan(0.1);
    expect(checkSampleConformance(mirrorSample(sample)).handedness).toBeCloseTo(-handedness!, 9);
  });

  it('sees a camera that does not belong to the crop', () => {
    expect(checks({ ...sample, camera: sample.camera!.map((value, i) => (i === 2 ? value + 2 : value)) })).toEqual([
      'projection',
    ]);
  });

  it('sees metres and centimetres that were taken for millimetres', () => {
    for (const factor of [0.001, 0.1, 10]) {
      expect(checks({ ...sample, keypoints3d: sample.keypoints3d!.map((value) => value * factor) })).toEqual(['size']);
    }
  });

  it('sees the wrong side', () => {
    expect(checks({ ...sample, side: 'left' })).toEqual(['handedness']);
  });

  it.each(['mano', 'rhd', 'interhand', 'stereo', 'fpha'])('sees points in %s order taken for another one', (order) => {
    const indices = permutation('panoptic', order);
    const shuffle = (list: Float64Array, width: number) =>
      Float64Array.from(list, (_, i) => list[indices[Math.floor(i / width)]! * width + (i % width)]!);
    const wrong = { ...sample, keypoints: shuffle(sample.keypoints, 2), keypoints3d: shuffle(sample.keypoints3d!, 3) };
    expect(checks(wrong).some((check) => check === 'bones' || check === 'knuckles')).toBe(true);
  });

  it('sees ring and little finger exchanged', () => {
    const order = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 17, 18, 19, 20, 13, 14, 15, 16];
    const keypoints3d = Float64Array.from(
      sample.keypoints3d!,
      (_, i) => sample.keypoints3d![order[Math.floor(i / 3)]! * 3 + (i % 3)]!,
    );
    expect(checks({ ...sample, keypoints3d, camera: undefined })).toContain('knuckles');
  });

  it('sees points outside the box and hands outside the image', () => {
    expect(checks({ ...sample, bbox: [sample.bbox[0] + 5, sample.bbox[1], sample.bbox[2], sample.bbox[3]] })).toEqual([
      'box',
    ]);
    const away = { ...sample, keypoints: sample.keypoints.map((u) => u + 1000), camera: undefined };
    expect(checks({ ...away, bbox: [0, 0, 5000, 5000] })).toEqual(['image']);
  });

  it('checks the 2D part of a sample without 3D', () => {
    const report = checkSampleConformance({ ...sample, keypoints3d: undefined, keypoints3dValid: undefined });
    expect(report).toEqual({ problems: [], projectionError: undefined, handLength: undefined, handedness: undefined });
  });

  it.each(['mano', 'rhd', 'interhand', 'stereo', 'fpha', 'mano-raw'])(
    'sees 2D points in %s order taken for another one, without 3D',
    (order) => {
      const indices = permutation('panoptic', order);
      const keypoints = Float64Array.from(
        sample.keypoints,
        (_, i) => sample.keypoints[2 * indices[i >> 1]! + (i % 2)]!,
      );
      const without = { keypoints3d: undefined, keypoints3dValid: undefined, camera: undefined };
      const { problems } = checkSampleConformance({ ...sample, ...without, keypoints });
      expect(problems.map(({ check }) => check)).toEqual(['order']);
      expect(problems[0]!.message).toContain(`look like the order '${order}'`);
    },
  );

  it('refuses a sample whose numbers are not finite', () => {
    expect(() => checkSampleConformance({ ...sample, camera: new Float64Array(9).fill(NaN) })).toThrow(DatasetError);
  });
});
