import { axisAngleToMatrix } from '@opposable/geometry/host';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { SYNTHESIS_PRESETS } from '../settings/presets.js';
import { drawHand } from './draw-hand.js';
import { sampleRotation } from './sample-rotation.js';

const COUNT = 6000;
const realistic = SYNTHESIS_PRESETS.realistic.rotation;
type Mode = Parameters<typeof sampleRotation>[1];

const matrices = (mode: Mode): Float64Array[] => {
  const rng = createRng('rotations');
  return Array.from({ length: COUNT }, () => axisAngleToMatrix(sampleRotation(rng, mode)));
};
const angleOf = (m: Float64Array): number => Math.acos(Math.max(-1, Math.min(1, (m[0]! + m[4]! + m[8]! - 1) / 2)));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value / values.length, 0);

describe('sampleRotation', () => {
  it('uniform is the Haar measure: every column anywhere on the sphere, the density of angles (1 − cos)/π', () => {
    const drawn = matrices({ mode: 'uniform' });
    // entries of a uniform rotation have mean 0, and mean squares of 1/3; their standard errors are 0.0075 and 0.0039
    for (let i = 0; i < 9; i++) {
      expect(Math.abs(mean(drawn.map((m) => m[i]!)))).toBeLessThan(0.035);
      expect(Math.abs(mean(drawn.map((m) => m[i]! ** 2)) - 1 / 3)).toBeLessThan(0.02);
    }
    const angles = drawn.map(angleOf);
    for (const limit of [0.5, 1, 1.5, 2, 2.5, 3]) {
      const share = angles.filter((angle) => angle < limit).length / COUNT;
      expect(Math.abs(share - (limit - Math.sin(limit)) / Math.PI)).toBeLessThan(0.03);
    }
  });

  it('full is the rule of 3dhand: uniform angles, which are not the Haar measure', () => {
    const angles = matrices({ mode: 'full' }).map(angleOf);
    for (const limit of [0.5, 1, 1.5, 2, 2.5, 3]) {
      expect(Math.abs(angles.filter((angle) => angle < limit).length / COUNT - limit / Math.PI)).toBeLessThan(0.03);
    }
  });

  it('realistic has fingers up, palm or back to the viewer, by the shares that it is given', () => {
    const model = loadOpenHand('right');
    const calm = { rollDegrees: 5, yawDegrees: 5, pitchDegrees: 5, egocentricShare: 0, uniformShare: 0 };
    const flat = { distribution: 'uniform', range: 0 } as const;
    /** The fingers' direction, and whether the thumb is on the left: with fingers up, that of a right hand's back. */
    const look = (rotation: Mode, seed: number) => {
      const settings = { betas: flat, pose: 'coefficients', poseRange: 0, rotation } as const;
      const { joints } = drawHand(createRng(seed), model, settings);
      return { up: joints[1]! - joints[13]!, away: joints[14]! - joints[2]!, thumbLeft: joints[3 * 13]! < joints[12]! };
    };
    for (const backShare of [0, 1]) {
      for (let seed = 0; seed < 40; seed++) {
        const { up, thumbLeft } = look({ ...realistic, ...calm, backShare }, seed);
        expect(up).toBeGreaterThan(0.06); // y points down; the knuckle is 9 cm from the wrist
        expect(thumbLeft).toBe(backShare === 1);
      }
    }
    for (let seed = 0; seed < 40; seed++) {
      const { away } = look({ ...realistic, ...calm, egocentricShare: 1 }, seed);
      expect(away).toBeGreaterThan(0);
    }
    const shares = Array.from({ length: 400 }, (_, seed) => look({ ...realistic, ...calm, backShare: 0.35 }, seed));
    expect(Math.abs(shares.filter(({ thumbLeft }) => thumbLeft).length / 400 - 0.35)).toBeLessThan(0.1);
    // and a share of 1 is the uniform mode
    const free = matrices({ ...realistic, uniformShare: 1 });
    for (let i = 0; i < 9; i++) expect(Math.abs(mean(free.map((m) => m[i]! ** 2)) - 1 / 3)).toBeLessThan(0.02);
  });
});
