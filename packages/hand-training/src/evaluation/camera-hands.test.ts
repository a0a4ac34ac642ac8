import { loadOpenHand } from '@opposable/open-hand';
import { prepareBackend } from '@opposable/training';
import { syntheticArrays } from '../test-support/synthetic-arrays.js';
import { largestDifference } from '../test-support/largest-difference.js';
import { cameraHands, rowsWith3d, trueJoints } from './camera-hands.js';
import { extentRatio } from './extent-ratio.js';

beforeAll(() => prepareBackend('wasm'));

describe('cameraHands', () => {
  it('puts the hand of the true 22 numbers where it is, up to what weak perspective leaves out', async () => {
    const arrays = await syntheticArrays(4, 64);
    const rows = rowsWith3d(arrays);
    expect(rows).toEqual([0, 1, 2, 3]);
    const { joints, vertices } = cameraHands(loadOpenHand('right'), arrays.handParameters, arrays, rows);
    expect(vertices).toHaveLength(4 * 1159 * 3);
    const truth = trueJoints(arrays, rows);
    // shapes agree to rounding, whatever the place in space
    const centred = (points: Float64Array): Float64Array =>
      points.map((value, i) => value - points[Math.floor(i / 63) * 63 + (i % 3)]!);
    expect(largestDifference(centred(joints), centred(truth))).toBeLessThan(1e-4);
    // and each joint, seen by the sample's camera, lies near its keypoint
    const { camera } = arrays.annotations[0]!;
    const side = (camera![0]! * 256) / arrays.focal[0]!;
    for (let k = 0; k < 21; k++) {
      const [x, y, z] = joints.subarray(k * 3, k * 3 + 3) as unknown as [number, number, number];
      const u = ((camera![0]! * x) / z + camera![2]! + 0.5) * (256 / side) - 0.5;
      const v = ((camera![4]! * y) / z + camera![5]! + 0.5) * (256 / side) - 0.5;
      expect(Math.hypot(u - arrays.keypoints[k * 2]!, v - arrays.keypoints[k * 2 + 1]!)).toBeLessThan(12);
    }
  });

  it('names a sample without camera', async () => {
    const arrays = await syntheticArrays(1, 32);
    const blind = { ...arrays, annotations: [{ ...arrays.annotations[0]!, camera: undefined }] };
    expect(() => cameraHands(loadOpenHand('right'), arrays.handParameters, blind, [0])).toThrow(
      /cameraHands: expected a camera for sample .*, found none\./,
    );
  });
});

describe('extentRatio', () => {
  const truth = Float64Array.from({ length: 84 }, (_, i) => (i * i) % 37);

  it('is the factor of a hand that is drawn smaller, wherever it lies', () => {
    const smaller = truth.map((value) => 0.7 * value + 12);
    expect(extentRatio(smaller, truth, new Uint8Array(42).fill(1))).toBeCloseTo(0.7, 12);
  });

  it('looks at seen keypoints only', () => {
    const seen = new Uint8Array(42).fill(1);
    const wild = truth.slice();
    seen[3] = 0;
    wild[6] = 1e6;
    expect(extentRatio(wild, truth, seen)).toBeCloseTo(1, 12);
    expect(extentRatio(truth, truth, new Uint8Array(42))).toBeNaN();
  });
});
