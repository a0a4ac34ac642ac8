import { loadOpenHand, openHandJointFrames, poseFromAngles } from '@opposable/open-hand';
import { prepareModel } from '@opposable/skinning/host';
import { createRng } from '@opposable/tensor-checks';
import { SYNTHESIS_PRESETS } from '../settings/presets.js';
import { beyondLimits } from './beyond-limits.js';
import type { HAND_SHAPES } from './hand-shapes.js';
import { naturalPose } from './natural-pose.js';
import { penetration } from './penetration.js';
import { segmentDistance } from './segment-distance.js';

const hand = loadOpenHand('right');
const rest = prepareModel(hand).jointTemplate;
const frames = openHandJointFrames('right');
const degrees = Math.PI / 180;

describe('segmentDistance', () => {
  it('is the least distance of any two points of the segments', () => {
    const rng = createRng(1);
    for (let n = 0; n < 200; n++) {
      const [a, b] = [0, 1].map(() => Float64Array.from({ length: 6 }, () => rng.uniform(-1, 1))) as [Float64Array, Float64Array]; // prettier-ignore
      if (n % 10 === 0)
        b.set(
          a.subarray(0, 3).map((value, i) => value + b[i]!),
          3,
        ); // also short and parallel ones
      if (n % 10 === 1) a.set(a.subarray(0, 3), 3);
      let least = Infinity;
      const steps = 100;
      for (let s = 0; s <= steps; s++) {
        for (let t = 0; t <= steps; t++) {
          const d = [0, 1, 2].map((i) => a[i]! + (s / steps) * (a[i + 3]! - a[i]!) - b[i]! - (t / steps) * (b[i + 3]! - b[i]!)); // prettier-ignore
          least = Math.min(least, Math.hypot(...d));
        }
      }
      const found = segmentDistance(a, 0, b, 0);
      expect(found).toBeLessThanOrEqual(least + 1e-9);
      expect(found).toBeGreaterThan(least - 0.04);
    }
  });
});

describe('penetration', () => {
  const angles = (set: (angles: Float32Array) => void) => {
    const values = new Float32Array(45);
    set(values);
    return poseFromAngles(frames, values);
  };

  it('is nothing in the flat hand and the mean pose', () => {
    expect(penetration(hand, rest, new Float64Array(45))).toBe(0);
    expect(penetration(hand, rest, hand.handsMean)).toBeLessThan(0.002);
  });

  it('finds fingers that cross and fingers in the palm', () => {
    const crossed = angles((a) => {
      a[1] = -30 * degrees; // index finger towards the middle one …
      a[10] = 30 * degrees; // … which comes to meet it
    });
    expect(penetration(hand, rest, crossed)).toBeGreaterThan(0.004);
    const through = angles((a) => {
      a[0] = 170 * degrees; // the index finger folded back along its own metacarpal
    });
    expect(penetration(hand, rest, through)).toBeGreaterThan(0.004);
  });
});

describe('beyondLimits', () => {
  it('finds by how much an angle of a joint is out of its range, on both sides', () => {
    const rng = createRng(6);
    for (const side of ['right', 'left'] as const) {
      const own = openHandJointFrames(side);
      for (let n = 0; n < 60; n++) {
        const inside = Float32Array.from({ length: 45 }, (_, i) => rng.uniform(own.limits[2 * i], own.limits[2 * i + 1])); // prettier-ignore
        expect(beyondLimits(own, poseFromAngles(own, inside))).toBeLessThan(1e-5);
        const [i, excess] = [rng.integer(0, 44), rng.uniform(0.05, 0.3)];
        const isAbove = rng.uniform() < 0.5;
        inside[i] = isAbove ? own.limits[2 * i + 1]! + excess : own.limits[2 * i]! - excess;
        expect(beyondLimits(own, poseFromAngles(own, inside))).toBeCloseTo(excess, 4);
      }
    }
  });
});

describe('naturalPose', () => {
  const settings = SYNTHESIS_PRESETS.realistic.pose;
  const poses = Array.from({ length: 300 }, (_, i) => naturalPose(createRng(i), hand, rest, settings));

  it('keeps overlaps within the tolerance, but for the few that twelve draws do not better', () => {
    const overlaps = poses.map(({ pose }) => penetration(hand, rest, pose));
    expect(overlaps.filter((overlap) => overlap > settings.maxPenetrationMillimetres / 1000).length).toBeLessThan(3);
    const unchecked = Array.from(
      { length: 150 },
      (_, i) =>
      penetration(hand, rest, naturalPose(createRng(i), hand, rest, { ...settings, maxPenetrationMillimetres: Infinity }).pose), // prettier-ignore
    );
    // so the test above tests something
    expect(unchecked.filter((overlap) => overlap > 0.004).length).toBeGreaterThan(5);
  });

  it('keeps every joint within its limits, coefficients within 10° of them', () => {
    for (const { pose, coefficients } of poses) {
      expect(beyondLimits(frames, pose)).toBeLessThan(coefficients === undefined ? 1e-5 : 10.001 * degrees);
    }
    const basis = { ...settings, mixture: { coefficients: 1 } };
    for (let i = 0; i < 200; i++) {
      expect(beyondLimits(frames, naturalPose(createRng(i), hand, rest, basis).pose)).toBeLessThan(10.001 * degrees);
    }
  });

  it('has coefficients exactly where the pose is one of the basis', () => {
    for (const { pose, coefficients } of poses) {
      if (coefficients === undefined) continue;
      for (let k = 0; k < 45; k++) {
        let value = hand.handsMean[k]!;
        coefficients.forEach((c, n) => (value += c * hand.handsComponents[45 * n + k]!));
        expect(pose[k]).toBeCloseTo(value, 9);
      }
    }
    expect(poses.some(({ coefficients }) => coefficients !== undefined)).toBe(true);
  });

  it('makes open hands and fists', () => {
    const bend = (name: keyof typeof HAND_SHAPES) => {
      const only = { ...settings, mixture: { [name]: 1 }, blend: 0 };
      const { pose } = naturalPose(createRng(5), hand, rest, only);
      let sum = 0;
      for (let k = 0; k < 36; k++) sum += pose[k]! ** 2;
      return Math.sqrt(sum);
    };
    expect(bend('fist')).toBeGreaterThan(3 * bend('open'));
  });
});
