import { coefficientsToHandPose, handPoseToCoefficients } from '@opposable/mano-layer/conventions';
import { openHandJointFrames } from './joint-frames.js';
import { loadOpenHand } from './load-open-hand.js';
import { poseFromAngles } from './pose-from-angles.js';
import { cross, dot, rotationOf, rowOf, type Vector } from './test-support/pose-hand.js';

const hand = loadOpenHand('right');
const frames = openHandJointFrames('right');
const component = (n: number) => Array.from(hand.handsComponents.subarray(45 * n, 45 * n + 45));
const inner = (a: readonly number[], b: readonly number[]) => a.reduce((s, x, i) => s + x * b[i]!, 0);

/** Flex, swing and twist of a joint's axis-angle vector: the inverse of R(flex) R(swing) R(twist), from R's entries. */
function anglesOf(pose: ArrayLike<number>, j: number): Vector {
  const rotation = rotationOf(rowOf(pose, j));
  const axes = [0, 1, 2].map((k) => rowOf(frames.axes, 3 * j + k));
  const entry = (r: number, c: number) => {
    const turned = [0, 3, 6].map(
      (i) => rotation[i]! * axes[c]![0] + rotation[i + 1]! * axes[c]![1] + rotation[i + 2]! * axes[c]![2],
    );
    return dot(axes[r]!, turned as Vector);
  };
  const hand3 = Math.sign(dot(cross(axes[0]!, axes[1]!), axes[2]!));
  return [
    Math.atan2(-hand3 * entry(1, 2), entry(2, 2)),
    Math.asin(hand3 * entry(0, 2)),
    Math.atan2(-hand3 * entry(0, 1), entry(0, 0)),
  ];
}

/** The same numbers on every run: a multiplicative generator modulo 2³¹ − 1. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

describe("the open hand's pose basis", () => {
  test('has 45 orthogonal rows that span all 45 joint angles', () => {
    for (let a = 0; a < 45; a++) {
      for (let b = 0; b < a; b++) expect(Math.abs(inner(component(a), component(b)))).toBeLessThan(1e-6);
      expect(inner(component(a), component(a))).toBeGreaterThan(0.0999 ** 2);
    }
  });

  test('rows come in the order of their length, one standard deviation of natural poses in radians', () => {
    const lengths = Array.from({ length: 45 }, (_, n) => Math.sqrt(inner(component(n), component(n))));
    for (let n = 1; n < 45; n++) expect(lengths[n]).toBeLessThanOrEqual(lengths[n - 1]! + 1e-6);
    expect(lengths[0]).toBeGreaterThan(1);
    expect(lengths[0]).toBeLessThan(1.6);
  });

  test('the first component bends or straightens every finger joint together', () => {
    const bends = Array.from({ length: 12 }, (_, j) => dot(rowOf(component(0), j), rowOf(frames.axes, 3 * j)));
    expect(bends.every((x) => x > 0.1) || bends.every((x) => x < -0.1)).toBe(true);
  });

  test('one of the first six components moves mostly the thumb', () => {
    const shares = [0, 1, 2, 3, 4, 5].map(
      (n) => inner(component(n).slice(36), component(n).slice(36)) / inner(component(n), component(n)),
    );
    expect(Math.max(...shares)).toBeGreaterThan(0.6);
  });

  test('any pose has coefficients: 45 of them give it back', () => {
    const random = uniform(3);
    const pose = Array.from({ length: 45 }, () => random() - 0.5);
    const back = coefficientsToHandPose(hand, handPoseToCoefficients(hand, pose, 45, { flatHandMean: false }), {
      flatHandMean: false,
    });
    back.forEach((x, i) => expect(x).toBeCloseTo(pose[i]!, 5));
  });

  test('the mean is a relaxed hand: every finger joint bent by 15° to 55°, within the limits', () => {
    for (let j = 0; j < 15; j++) {
      const [flex] = anglesOf(hand.handsMean, j);
      if (j < 12) expect((flex * 180) / Math.PI).toBeGreaterThan(15);
      if (j < 12) expect((flex * 180) / Math.PI).toBeLessThan(55);
      expect(flex).toBeGreaterThan(frames.limits[6 * j]!);
      expect(flex).toBeLessThan(frames.limits[6 * j + 1]!);
    }
  });

  test('six coefficients uniform in ±2 give natural hands: few joints leave their range, hardly any by 30°', () => {
    const random = uniform(12345);
    const degrees = Math.PI / 180;
    let outside = 0;
    let broken = 0;
    const hands = 500;
    for (let i = 0; i < hands; i++) {
      const coefficients = Array.from({ length: 6 }, () => 4 * random() - 2);
      const pose = coefficientsToHandPose(hand, coefficients, { flatHandMean: false });
      let worst = 0;
      for (let j = 0; j < 15; j++)
        anglesOf(pose, j).forEach((angle, k) => {
          const excess = Math.max(frames.limits[6 * j + 2 * k]! - angle, angle - frames.limits[6 * j + 2 * k + 1]!, 0);
          if (excess > 10 * degrees) outside++;
          worst = Math.max(worst, excess);
        });
      if (worst > 30 * degrees) broken++;
    }
    expect(outside / (45 * hands)).toBeLessThan(0.02);
    expect(broken / hands).toBeLessThan(0.06);
  });
});

describe('poseFromAngles and openHandJointFrames', () => {
  test('axes of a joint are unit and at right angles', () => {
    for (let j = 0; j < 15; j++)
      for (let a = 0; a < 3; a++)
        for (let b = 0; b <= a; b++)
          expect(dot(rowOf(frames.axes, 3 * j + a), rowOf(frames.axes, 3 * j + b))).toBeCloseTo(a === b ? 1 : 0, 5);
  });

  test('angles come back from the pose', () => {
    const random = uniform(9);
    const angles = Array.from({ length: 45 }, () => 1.2 * random() - 0.4);
    const pose = poseFromAngles(frames, angles);
    for (let j = 0; j < 15; j++) anglesOf(pose, j).forEach((x, k) => expect(x).toBeCloseTo(angles[3 * j + k]!, 5));
  });

  test('zero angles are the flat hand', () => {
    expect(Array.from(poseFromAngles(frames, new Float32Array(45))).every((x) => x === 0)).toBe(true);
  });

  test('flexion takes the fingers down, towards −y, and swing takes them towards the thumb', () => {
    for (let j = 0; j < 12; j++) {
      const bone = rowOf(frames.axes, 3 * j + 2);
      expect(cross(rowOf(frames.axes, 3 * j), bone)[1]).toBeLessThan(-0.9);
      expect(cross(rowOf(frames.axes, 3 * j + 1), bone)[2]).toBeGreaterThan(0.85);
    }
  });

  test('the same angles on left frames give the mirrored rotation vectors', () => {
    const angles = Array.from({ length: 45 }, (_, i) => Math.sin(i));
    const right = poseFromAngles(frames, angles);
    poseFromAngles(openHandJointFrames('left'), angles).forEach((x, i) =>
      expect(x).toBeCloseTo(i % 3 === 0 ? right[i]! : -right[i]!, 5),
    );
  });

  test('limits are ranges around the flat hand', () => {
    for (let i = 0; i < 45; i++) {
      expect(frames.limits[2 * i]).toBeLessThan(0);
      expect(frames.limits[2 * i + 1]).toBeGreaterThan(0);
    }
  });
});
