import { createRng } from '@opposable/tensor-checks';
import type { TrainingArrays } from '../data/training-arrays.js';
import { scoreHands } from './score-hands.js';

const rng = createRng(11);

/** Truth of N hands: whole pixels, 3D spread over about 100 mm. */
function truthOf(count: number, changes: Partial<TrainingArrays> = {}): TrainingArrays {
  return {
    count,
    imageSize: 1,
    images: new Uint8Array(count * 3),
    maskSize: 1,
    masks: new Uint8Array(count),
    maskValid: new Uint8Array(count),
    keypoints: Float32Array.from({ length: count * 42 }, () => rng.integer(0, 255)),
    visibility: new Float32Array(count * 21).fill(1),
    keypoints3d: Float32Array.from({ length: count * 63 }, (_, i) => rng.uniform(-50, 50) + (i % 3 === 2 ? 600 : 0)),
    valid3d: new Uint8Array(count).fill(1),
    resize: new Float32Array(2 * count),
    focal: new Float32Array(count).fill(500),
    handParameters: new Float32Array(count * 22),
    handParametersValid: new Uint8Array(count),
    annotations: [],
    ...changes,
  };
}

const shifted = (points: Float32Array, by: readonly number[]) => points.map((value, i) => value + by[i % by.length]!);

describe('scoreHands', () => {
  it('finds a shift of (3, 4) px to be 5 px, on average, in the median, and for every finger and hand', () => {
    const truth = truthOf(4);
    const predicted = { count: 4, keypoints2d: shifted(truth.keypoints, [3, 4]), keypoints3d: truth.keypoints3d };
    const { count, twoD } = scoreHands(predicted, truth);
    expect(count).toBe(4);
    expect([twoD.meanPixels, twoD.medianPixels, ...twoD.perHand]).toEqual([5, 5, 5, 5, 5, 5]);
    expect(twoD.perFinger).toEqual({ root: 5, thumb: 5, index: 5, middle: 5, ring: 5, pinky: 5 });
    // all within 5 px and none within 4.5: a step, whose trapezoid is half of one half-pixel wide
    expect(twoD.pck.fractions).toEqual(twoD.pck.thresholds.map((t) => (t >= 5 ? 1 : 0)));
    expect(twoD.pck.thresholds.slice(0, 2)).toEqual([0, 0.5]);
    expect(twoD.pck.thresholds.at(-1)).toBe(50);
    expect(twoD.pck.auc).toBeCloseTo((0.25 + 45) / 50, 12);
  });

  it('does not count keypoints that are not visible, and gives NaN for a hand without any', () => {
    const visibility = new Float32Array(42).fill(1);
    visibility.fill(0, 21);
    visibility[4] = 0;
    const truth = truthOf(2, { visibility });
    const keypoints2d = shifted(truth.keypoints, [0, 2]);
    keypoints2d.fill(1e6, 8, 10);
    const { twoD } = scoreHands({ count: 2, keypoints2d, keypoints3d: truth.keypoints3d }, truth);
    expect(twoD.meanPixels).toBe(2);
    expect(twoD.perHand[0]).toBe(2);
    expect(twoD.perHand[1]).toBeNaN();
  });

  it('aligns by rotation, scale and translation but not by reflection', () => {
    const truth = truthOf(2);
    const moved = new Float32Array(126);
    for (let i = 0; i < 42; i++) {
      const [x, y, z] = truth.keypoints3d.subarray(i * 3, i * 3 + 3);
      moved.set([0.4 * -y! + 7, 0.4 * x! - 2, 0.4 * z! + 100], i * 3); // a quarter turn about z
    }
    const { threeD } = scoreHands({ count: 2, keypoints2d: truth.keypoints, keypoints3d: moved }, truth);
    expect(threeD!.paMpjpe).toBeLessThan(1e-3);
    const reflected = truth.keypoints3d.map((value, i) => (i % 3 === 0 ? -value : value));
    const other = scoreHands({ count: 2, keypoints2d: truth.keypoints, keypoints3d: reflected }, truth);
    expect(other.threeD!.paMpjpe).toBeGreaterThan(5);
  });

  it('puts wrist on wrist for the other 3D error: the rest of a hand that is 10 % too large', () => {
    const truth = truthOf(3);
    let expected = 0;
    for (let n = 0; n < 3; n++) {
      for (let k = 0; k < 21; k++) {
        const difference = [0, 1, 2].map(
          (axis) => 0.1 * (truth.keypoints3d[(n * 21 + k) * 3 + axis]! - truth.keypoints3d[n * 63 + axis]!),
        );
        expected += Math.hypot(...difference) / 63;
      }
    }
    const larger = shifted(
      truth.keypoints3d.map((value) => 1.1 * value),
      [10, -20, 30],
    );
    const { threeD } = scoreHands({ count: 3, keypoints2d: truth.keypoints, keypoints3d: larger }, truth);
    expect(threeD!.rootAlignedMpjpe).toBeCloseTo(expected, 3);
    expect(threeD!.paMpjpe).toBeLessThan(1e-3);
    expect(threeD!.pck.auc).toBeGreaterThan(0.99);
  });

  it('leaves hands without 3D out of the 3D errors', () => {
    const truth = truthOf(2, { valid3d: Uint8Array.of(0, 1) });
    truth.keypoints3d.fill(0, 0, 63);
    const keypoints3d = truth.keypoints3d.slice();
    keypoints3d.fill(123, 0, 63);
    const { threeD } = scoreHands({ count: 2, keypoints2d: truth.keypoints, keypoints3d }, truth);
    expect(threeD!.rootAlignedMpjpe).toBe(0);
    expect(threeD!.perHand[0]).toBeNaN();
    expect(threeD!.perHand[1]).toBeLessThan(1e-3);
  });

  it('has no 3D errors where no hand has 3D', () => {
    const truth = truthOf(2, { valid3d: new Uint8Array(2) });
    const scores = scoreHands({ count: 2, keypoints2d: truth.keypoints, keypoints3d: truth.keypoints3d }, truth);
    expect(scores.threeD).toBeUndefined();
    expect(scores.twoD.meanPixels).toBe(0);
  });
});
