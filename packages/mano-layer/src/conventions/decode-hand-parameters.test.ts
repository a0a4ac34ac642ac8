import { permutation } from '@opposable/keypoint-order';
import { createRng } from '@opposable/tensor-checks';
import { apply, largestDifference, referenceHand, rodrigues, rotationsOf } from '../test-support/reference-hand.js';
import { syntheticHand } from '../test-support/synthetic-hand.js';
import { decodeHandParameters } from './decode-hand-parameters.js';

describe('decodeHandParameters', () => {
  const rng = createRng(31);
  const model = syntheticHand({ rng: rng.split('model'), arrayType: Float64Array });
  const random = (index: number) => {
    const draw = rng.split(index);
    const block = (count: number, size: number) => Array.from({ length: count }, () => draw.uniform(-size, size));
    return [500 + draw.uniform(0, 90), 128 + draw.uniform(-9, 9), 120, ...block(3, 3), ...block(6, 2), ...block(10, 2)];
  };
  const zeroPose = [545, 128, 128, ...Array.from({ length: 19 }, () => 0)];
  const halfTurn = [545, 128, 128, 0, Math.PI, 0, ...Array.from({ length: 16 }, (_, k) => k / 10)];

  it.each<[string, number[]]>([
    ['the mean hand', zeroPose],
    ['a half turn', halfTurn],
    ...[0, 1, 2, 3].map((index) => [`random numbers ${index}`, random(index)] as [string, number[]]),
  ])('equals the formulas of 3dhand to 1e-12 for %s', (_, params) => {
    const [scale, u, v] = params as [number, number, number];
    const pose = Array.from({ length: 45 }, (_, k) => {
      let value = model.handsMean[k]!;
      for (let n = 0; n < 6; n++) value += params[6 + n]! * model.handsComponents[n * 45 + k]!;
      return value;
    });
    // the root of the layer: half a turn about x, exactly
    const rotations = [[1, 0, 0, 0, -1, 0, 0, 0, -1], ...rotationsOf([0, 0, 0, ...pose]).slice(1)];
    const hand = referenceHand(model, params.slice(12), rotations);
    const turn = rodrigues(params.slice(3, 6));
    const vertices = hand.vertices.map((point) => apply(turn, point));
    const joints = hand.joints.map((point) => apply(turn, point));
    const { thumb, index, middle, ring, pinky } = model.landmarks!.fingertips;
    const raw = [...joints, ...[thumb, index, middle, ring, pinky].map((id) => vertices[id]!)];
    const keypoints = permutation('mano-raw', 'panoptic').map((place) => raw[place]!);
    const project = (points: number[][]) => points.flatMap(([x, y]) => [u + scale * x!, v + scale * y!]);
    const decoded = decodeHandParameters(model, params);
    expect(largestDifference(decoded.vertices3d, vertices.flat())).toBeLessThan(1e-12);
    expect(largestDifference(decoded.joints3d, joints.flat())).toBeLessThan(1e-12);
    expect(largestDifference(decoded.keypoints3d, keypoints.flat())).toBeLessThan(1e-12);
    expect(largestDifference(decoded.vertices2d, project(vertices))).toBeLessThan(1e-9);
    expect(largestDifference(decoded.keypoints2d, project(keypoints))).toBeLessThan(1e-9);
    expect(largestDifference(decoded.poseAxisAngle, pose)).toBeLessThan(1e-14);
  });

  it('moves the wrist when it rotates, because it turns about the origin', () => {
    const wrist = decodeHandParameters(model, zeroPose).joints3d.slice(0, 3);
    const turned = decodeHandParameters(model, halfTurn).joints3d.slice(0, 3);
    expect(Math.hypot(...wrist)).toBeGreaterThan(0.001);
    expect(largestDifference(turned, wrist)).toBeGreaterThan(0.001);
  });

  it('orders the keypoints as asked and takes the fingertips as asked', () => {
    const params = random(9);
    const panoptic = decodeHandParameters(model, params);
    const mano = decodeHandParameters(model, params, { keypointOrder: '3dhand' });
    permutation('panoptic', 'mano').forEach((from, to) => {
      expect(mano.keypoints3d.slice(to * 3, to * 3 + 3)).toEqual(panoptic.keypoints3d.slice(from * 3, from * 3 + 3));
      expect(mano.keypoints2d.slice(to * 2, to * 2 + 2)).toEqual(panoptic.keypoints2d.slice(from * 2, from * 2 + 2));
    });
    const tips = decodeHandParameters(model, params, { keypointOrder: 'mano-raw', fingertips: [9, 8, 7, 6, 5] });
    [9, 8, 7, 6, 5].forEach((id, n) => {
      expect(tips.keypoints3d.slice((16 + n) * 3, (17 + n) * 3)).toEqual(tips.vertices3d.slice(id * 3, id * 3 + 3));
    });
    const stereo = decodeHandParameters(model, params, { keypointOrder: 'stereo' });
    const palm = [0, 1, 2].map((i) =>
      model.landmarks!.palm.reduce((sum, id) => sum + stereo.vertices3d[id * 3 + i]! / 3, 0),
    );
    expect(largestDifference(stereo.keypoints3d.subarray(0, 3), palm)).toBeLessThan(1e-15);
  });

  it('refuses other lengths, models with too few coefficients, and MANO’s tips on another mesh', () => {
    expect(() => decodeHandParameters(model, zeroPose.slice(1))).toThrow(
      'decodeHandParameters: expected 22 numbers, got 21.',
    );
    const plain = syntheticHand({ rng, shapeCount: 4 });
    expect(() => decodeHandParameters(plain, zeroPose)).toThrow('at least 10 shape coefficients, got 4');
    const poor = syntheticHand({ rng, componentCount: 5 });
    expect(() => decodeHandParameters(poor, zeroPose)).toThrow('expected 1 to 5 pose components, got 6');
    expect(() => decodeHandParameters(model, zeroPose, { fingertips: '3dhand' })).toThrow("the fingertip set '3dhand'");
  });

  it('leaves further shape coefficients of a larger model at zero', () => {
    const large = syntheticHand({ rng: rng.split('large'), shapeCount: 12 });
    const params = random(3);
    const rotations = [
      [1, 0, 0, 0, -1, 0, 0, 0, -1],
      ...rotationsOf([0, 0, 0, ...decodeHandParameters(large, params).poseAxisAngle]).slice(1),
    ];
    const hand = referenceHand(large, [...params.slice(12), 0, 0], rotations);
    const turn = rodrigues(params.slice(3, 6));
    const vertices = hand.vertices.flatMap((point) => apply(turn, point));
    expect(largestDifference(decodeHandParameters(large, params).vertices3d, vertices)).toBeLessThan(1e-12);
  });
});
