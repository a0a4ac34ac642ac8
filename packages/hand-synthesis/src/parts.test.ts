import type { RgbImage } from '@opposable/drawing';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { SYNTHESIS_PRESETS } from './settings/presets.js';
import type { SettingsOverride } from './settings/synthesis-options.js';
import { synthesizeHand, type SyntheticHand } from './synthesize-hand.js';

const hand = loadOpenHand('right');
const SIZE = 96;
const off = { probability: 0 };
const on = { probability: 1 };
const { effects } = SYNTHESIS_PRESETS.realistic;
const noEffects = {
  ...{ motionBlur: off, defocus: off, whiteBalance: off, exposure: off, saturation: off, grey: off, jpeg: off },
};

/** The preset without anything that comes and goes, the back of an open hand to the viewer. */
const BARE = {
  ...{ size: SIZE, forearm: off, ring: off, watch: off, occluder: off, secondHand: off, noise: [0, 0] },
  skin: { nails: 0, creases: 0, veins: 0, hair: off },
  effects: noEffects,
  pose: { ...SYNTHESIS_PRESETS.realistic.pose, mixture: { open: 1 }, blend: 0 },
  rotation: { ...SYNTHESIS_PRESETS.realistic.rotation, backShare: 1, egocentricShare: 0, uniformShare: 0 },
} as const satisfies SettingsOverride;
const ARM = { ...SYNTHESIS_PRESETS.realistic.forearm, probability: 1, sleeveProbability: 0 };

const make = (settings: SettingsOverride, seed: number): SyntheticHand =>
  synthesizeHand(createRng(`parts ${seed}`), hand, { preset: 'realistic', ...BARE, ...settings });

/** Pixels that differ, and how many of them lie on the hand. */
function difference(a: SyntheticHand, b: SyntheticHand): { all: number; onHand: number } {
  let [all, onHand] = [0, 0];
  for (let i = 0; i < SIZE * SIZE; i++) {
    if ([0, 1, 2].every((c) => a.image.data[3 * i + c] === b.image.data[3 * i + c])) continue;
    all++;
    if (a.mask.data[i] === 255) onHand++;
  }
  return { all, onHand };
}

const truth = ({ keypoints, keypoints3d, vertices2d, camera, mano, bbox }: SyntheticHand) => ({
  ...{ keypoints, keypoints3d, vertices2d, camera, mano, bbox },
});

/** What is added, to what it is added, whether it is seen on the hand alone, and in how many of six pictures it must be seen. */
const PARTS: readonly [string, SettingsOverride, SettingsOverride, 'hand' | 'anywhere', number][] = [
  ['nails', { skin: { ...BARE.skin, nails: 1 } }, {}, 'hand', 6],
  ['creases', { skin: { ...BARE.skin, creases: 1 } }, {}, 'hand', 6],
  ['veins', { skin: { ...BARE.skin, veins: 1 } }, {}, 'hand', 6],
  ['hair', { skin: { ...BARE.skin, hair: on } }, {}, 'hand', 6],
  ['a forearm', { forearm: ARM }, {}, 'anywhere', 6],
  ['a sleeve', { forearm: { ...ARM, sleeveProbability: 1, sleeveMillimetres: [10, 20] } }, { forearm: ARM }, 'anywhere', 5], // prettier-ignore
  ['a ring', { ring: on }, {}, 'anywhere', 6],
  ['a watch', { watch: on, forearm: ARM }, { forearm: ARM }, 'anywhere', 5],
  ['something before the hand', { occluder: { probability: 1, size: [0.3, 0.4] } }, {}, 'anywhere', 5],
  ['a second hand', { secondHand: on }, {}, 'anywhere', 5],
  ['another background', { background: 'plain' }, {}, 'anywhere', 6],
  ['another light', { lighting: 'front' }, {}, 'hand', 6],
  ['noise', { noise: [6, 6] }, {}, 'anywhere', 6],
  ...Object.keys(effects).map((name): (typeof PARTS)[number] => [
    name,
    { effects: { ...noEffects, [name]: { ...effects[name as keyof typeof effects], probability: 1 } } },
    {},
    'anywhere',
    4, // a blur of a third of a pixel and a saturation near to 1 change nothing
  ]),
];

describe('each part of the preset realistic', () => {
  it.each(PARTS)(
    '%s: changes the picture when switched on, and never the truth',
    (_name, added, base, where, least) => {
      let seen = 0;
      for (let seed = 0; seed < 6; seed++) {
        const [without, within] = [make(base, seed), make({ ...base, ...added }, seed)];
        expect(truth(within)).toEqual(truth(without));
        const { all, onHand } = difference(without, within);
        if (all > 0) seen++;
        // the hand's mask has the pixels that it covers to a half at least: its rim may change as well
        if (where === 'hand') expect(all - onHand).toBeLessThanOrEqual(0.25 * all + 8);
      }
      expect(seen).toBeGreaterThanOrEqual(least);
    },
  );

  const mean = ({ data }: RgbImage, channel: number): number =>
    data.reduce((sum, value, i) => (i % 3 === channel ? sum + (3 * value) / data.length : sum), 0);
  const roughness = ({ data }: RgbImage): number => {
    let sum = 0;
    for (let i = 3; i < data.length; i++) sum += Math.abs(data[i]! - data[i - 3]!);
    return sum;
  };

  it('does what it is called: grey has no colour, blur is smoother, noise rougher, warmth red against blue', () => {
    const alone = (name: string, change: object) =>
      make({ effects: { ...noEffects, [name]: { ...effects[name as keyof typeof effects], ...on, ...change } } }, 3)
        .image;
    const { image: plain } = make({}, 3);
    const grey = alone('grey', {});
    for (let i = 0; i < grey.data.length; i += 3) {
      expect(Math.max(Math.abs(grey.data[i]! - grey.data[i + 1]!), Math.abs(grey.data[i]! - grey.data[i + 2]!))).toBeLessThanOrEqual(1); // prettier-ignore
    }
    expect(roughness(alone('defocus', { pixels: [2, 2] }))).toBeLessThan(0.9 * roughness(plain));
    expect(roughness(alone('motionBlur', { pixels: [8, 8] }))).toBeLessThan(0.95 * roughness(plain));
    expect(roughness(make({ noise: [8, 8] }, 3).image)).toBeGreaterThan(1.5 * roughness(plain));
    const warm = alone('whiteBalance', { strength: 0.5 });
    const [red, blue] = [0, 2].map((c) => mean(warm, c) / mean(plain, c)) as [number, number];
    expect(Math.abs(Math.log(red / blue))).toBeGreaterThan(0.05);
    expect(Math.sign(red - 1)).toBe(-Math.sign(blue - 1));
    expect(mean(alone('exposure', { gain: [1.4, 1.4], gamma: [1, 1], contrast: [1, 1] }), 1)).toBeGreaterThan(mean(plain, 1)); // prettier-ignore
  });

  it('has skin of the tones that are asked for', () => {
    const lightness = (typologyAngle: readonly [number, number]) =>
      [0, 1, 2, 3].map((seed) => {
        const { image, mask } = make({ skin: { ...BARE.skin, typologyAngle }, lighting: 'head' }, seed);
        let [sum, count] = [0, 0];
        mask.data.forEach((value, i) => {
          if (value === 255) [sum, count] = [sum + image.data[3 * i + 1]!, count + 1];
        });
        return sum / count;
      });
    const [dark, light] = [lightness([-55, -45]), lightness([50, 60])];
    dark.forEach((value, i) => expect(light[i]).toBeGreaterThan(1.5 * value));
    expect(() => make({ skin: { ...BARE.skin, typologyAngle: [20, 10] } }, 1)).toThrow('expected skin.typologyAngle as [minimum, maximum] in -90 … 90'); // prettier-ignore
  });

  it('takes creases, nails and veins in any light', () => {
    const options = { lighting: 'front' } as const;
    const details = { skin: { ...BARE.skin, creases: 1 } };
    expect(difference(make(options, 1), make({ ...options, ...details }, 1)).onHand).toBeGreaterThan(20);
  });
});
