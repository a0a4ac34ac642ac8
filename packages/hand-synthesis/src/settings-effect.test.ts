import type { RgbImage } from '@opposable/drawing';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { BACKGROUND_RANGES } from './settings/background.js';
import { LIGHTING_RANGES } from './settings/lighting.js';
import { SYNTHESIS_PRESETS } from './settings/presets.js';
import type { SettingsOverride } from './settings/synthesis-options.js';
import { synthesizeBackground } from './synthesize-background.js';
import { synthesizeHand, type SyntheticHand } from './synthesize-hand.js';

const hand = loadOpenHand('right');
const photo: RgbImage = {
  width: 64,
  height: 64,
  data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 31) & 255),
};
const on = { probability: 1 };
const off = { probability: 0 };
const { realistic } = SYNTHESIS_PRESETS;
/** Every part there is, the hand's back to the viewer; nothing that lens and sensor do. */
const ALL = {
  size: 96,
  ...{ ring: on, watch: on, occluder: on, secondHand: on, noise: [0, 0] },
  skin: { veins: 1, hair: on },
  forearm: { ...on, sleeveProbability: 1 },
  effects: { motionBlur: off, defocus: off, whiteBalance: off, exposure: off, saturation: off, grey: off, jpeg: off },
  rotation: { ...realistic.rotation, backShare: 1, egocentricShare: 0, uniformShare: 0 },
} as const satisfies SettingsOverride;

/** Hands with settings in the places of those of ALL, by the same seed. */
const make = (settings: SettingsOverride, seed = 1): SyntheticHand => {
  const merged = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const base = (ALL as Record<string, unknown>)[name];
      const isInPart = ['skin', 'forearm', 'ring', 'watch', 'occluder', 'secondHand'].includes(name);
      return [name, isInPart ? { ...(base as object), ...(value as object) } : value];
    }),
  );
  const options = { ...ALL, ...merged, preset: 'realistic' } as const;
  return synthesizeHand(createRng(`effect ${seed}`), hand, { ...options, backgrounds: 'photoCrop' in settings ? [photo] : undefined }); // prettier-ignore
};

const room = (change: object) => ({ lighting: { kind: 'room', ...change } }) as SettingsOverride;
const scene = (change: object) => ({ background: { kind: 'scene', ...change } }) as SettingsOverride;
const varied = (change: object) => ({ background: { kind: 'varied', ...change } }) as SettingsOverride;
const random = (change: object) => ({ lighting: { kind: 'random', ...change } }) as SettingsOverride;
const front = (change: object) => ({ lighting: { kind: 'front', ...change } }) as SettingsOverride;

/** A setting, how it is changed, and with what the picture is compared. */
const CHANGES: readonly [string, SettingsOverride, SettingsOverride?][] = [
  ['redness', { skin: { redness: [13, 14] } }],
  ['yellowness', { skin: { yellowness: [20, 21] } }],
  ['patches', { skin: { patches: 0 } }],
  ['nail paint', { skin: { nailPaint: on } }],
  ['mottling', { skin: { mottling: [0, 0] } }],
  ['wetness', { skin: { wetness: [1, 1] } }],
  ['specular', { skin: { specular: [0.1, 0.1] } }],
  ['scatter', { skin: { scatter: [0, 0] } }],
  ['number of hairs', { skin: { hair: { ...on, count: [600, 600] } } }],
  ['length of hairs', { skin: { hair: { ...on, lengthMillimetres: [20, 20] } } }],
  ['opacity of hairs', { skin: { hair: { ...on, opacity: [1, 1] } } }],
  ['fit of sleeves', { forearm: { sleeveFitMillimetres: [30, 30] } }],
  ['folds of sleeves', { forearm: { sleeveFoldMillimetres: [0, 0] } }],
  ['stripes of sleeves', { forearm: { sleeveStripesShare: 1 } }],
  ['width of rings', { ring: { widthMillimetres: [15, 15] } }],
  ['height of rings', { ring: { heightMillimetres: [6, 6] } }],
  ['place of watches', { watch: { fromWristMillimetres: [60, 60] } }],
  ['straps', { watch: { strapMillimetres: [40, 40] } }],
  ['cases', { watch: { caseRadiusMillimetres: [30, 30] } }, { watch: { braceletShare: 0 } }],
  ['bracelets', { watch: { braceletShare: 1 } }, { watch: { braceletShare: 0 } }],
  ['long things', { occluder: { longShare: 1 } }],
  ['things behind', { occluder: { behindShare: 1 } }],
  ['glossy things', { occluder: { glossyShare: 1 } }, { occluder: { glossyShare: 0 } }],
  ['side of second hands', { secondHand: { otherSideShare: 0 } }, { secondHand: { otherSideShare: 1 } }],
  ['second hands behind', { secondHand: { behindShare: 0 } }, { secondHand: { behindShare: 1 } }],
  ['distance of second hands', { secondHand: { distance: [0.2, 0.2] } }],
  ['crops of photographs', { photoShare: 1, photoCrop: [0.1, 0.1] }, { photoShare: 1, photoCrop: [1, 1] }],
  ['ambient light of a room', room({ ambient: { strength: [1, 1] } })],
  ['tint of a room', room({ ambient: { tint: 0.9 } })],
  ['slope of a room', room({ ambient: { slope: [0, 0] } })],
  ['tint of its brighter side', room({ ambient: { slopeTint: 0.9 } })],
  ['main lamp', room({ lamp: { strength: [2, 2], dim: off } })],
  ['tint of the main lamp', room({ lamp: { tint: 1 } })],
  ['direction of the main lamp', room({ lamp: { leastCosine: 0.99 } })],
  ['dim lamps', room({ lamp: { dim: { ...on, strength: [0, 0] } } })],
  ['shadows', room({ lamp: { shadow: { ...on, strength: [1, 1] } } }), room({ lamp: { shadow: off } })],
  ['strength of shadows', room({ lamp: { shadow: { ...on, strength: [1, 1] } } }), room({ lamp: { shadow: { ...on, strength: [0.1, 0.1] } } })], // prettier-ignore
  ['number of lamps', room({ others: { count: [5, 5] } }), room({ others: { count: [0, 0] } })],
  ['other lamps', room({ others: { count: [2, 2], strength: [1, 1] } }), room({ others: { count: [2, 2] } })],
  ['tint of other lamps', room({ others: { count: [2, 2], tint: 1 } }), room({ others: { count: [2, 2] } })],
  ['direction of other lamps', room({ others: { count: [2, 2], leastCosine: 0.9 } }), room({ others: { count: [2, 2] } })], // prettier-ignore
  ['lamps of random light', random({ lamp: { strength: [2, 2], tint: 1, leastCosine: 1 } }), { lighting: 'random' }],
  ['others of random light', random({ others: { count: [4, 4], strength: [1, 1] } }), { lighting: 'random' }],
  ['ambience of random light', random({ ambient: { strength: [0, 0] } }), { lighting: 'random' }],
  ['lamp beside the viewer', front({ lamp: { strength: [2, 2], leastCosine: 0 } }), { lighting: 'front' }],
  ['ambience beside it', front({ ambient: { strength: [0.5, 0.5], tint: 1 } }), { lighting: 'front' }],
  ['things of a scene', scene({ things: [40, 40] })],
  ['shelves', scene({ things: [9, 9], shelfShare: 1 }), scene({ things: [9, 9], shelfShare: 0 })],
  ['skin-coloured things', scene({ things: [9, 9], skinThingShare: 1 }), scene({ things: [9, 9], skinThingShare: 0 })],
  ['skin-coloured walls', scene({ skinWallShare: 1 }), scene({ skinWallShare: 0 })],
  ['floors', scene({ floor: on, things: [0, 0] }), scene({ floor: off, things: [0, 0] })],
  ['brightness of a scene', scene({ brightness: [230, 235] })],
  ['grain', scene({ grain: [0, 0] })],
  ['coarse grain', scene({ things: [18, 18], coarseGrain: [0, 0] }), scene({ things: [18, 18] })],
  ['blurred scenes', scene({ blur: { ...on, overSide: [0.1, 0.1] } }), scene({ blur: off })],
  ['strength of that blur', scene({ blur: { ...on, overSide: [0.1, 0.1] } }), scene({ blur: { ...on, overSide: [0.01, 0.01] } })], // prettier-ignore
  ['stripes', varied({ stripes: on }), varied({ stripes: off })],
  ['blobs', varied({ blobs: [6, 6] }), varied({ blobs: [0, 0] })],
  ['noise of a background', varied({ noise: on }), varied({ noise: off })],
  ['its amplitude', varied({ noise: { ...on, amplitude: [45, 45] } }), varied({ noise: { ...on, amplitude: [3, 3] } })],
  ['spots', { background: { kind: 'plain', spots: [9, 9] } }, { background: { kind: 'plain', spots: [0, 0] } }],
];

const plain = new Map<number, SyntheticHand>();
/** {@link make}, kept for what most pictures are compared with. */
function compared(settings: SettingsOverride | undefined, seed: number): SyntheticHand {
  if (settings !== undefined) return make(settings, seed);
  const known = plain.get(seed) ?? make({}, seed);
  plain.set(seed, known);
  return known;
}

const isSame = (a: SyntheticHand, b: SyntheticHand): boolean => Buffer.compare(a.image.data, b.image.data) === 0;

describe('each setting of what is drawn', () => {
  // a row of two would make the third argument the callback of an asynchronous test
  it.each(CHANGES.map(([name, change, base]) => [name, change, base] as const))(
    '%s: changes pictures and never the truth',
    (_name, change, base) => {
      const changed = [1, 2, 3, 4].some((seed) => {
        const [a, b] = [compared(base, seed), make(change, seed)];
        expect([b.keypoints, b.camera, b.mano, b.bbox]).toEqual([a.keypoints, a.camera, a.mano, a.bbox]);
        return !isSame(a, b);
      });
      expect(changed).toBe(true);
    },
  );

  it('keeps the pictures where a kind is given with its own ranges, whole or in part', () => {
    for (const [kind, ranges] of Object.entries(LIGHTING_RANGES)) {
      const plain = make({ lighting: kind } as SettingsOverride);
      for (const given of [{}, ranges, { ambient: {} }]) {
        expect(isSame(make({ lighting: { kind, ...given } }), plain)).toBe(true);
      }
    }
    for (const [kind, ranges] of Object.entries(BACKGROUND_RANGES)) {
      const [plain, ...others] = [kind, { kind }, { kind, ...ranges }].map((background) =>
        synthesizeBackground(createRng(3), { preset: 'realistic', size: 64, background } as SettingsOverride),
      );
      for (const other of others) expect(other).toEqual(plain);
    }
  });

  it('tilts hands seen by their owner as it is said', () => {
    const own = (tilt?: readonly [number, number]) => {
      const rotation = { ...realistic.rotation, egocentricShare: 1, uniformShare: 0, egocentricTiltDegrees: tilt };
      return make({ rotation }).mano.pose;
    };
    expect(own()).toEqual(own([-75, -15]));
    expect(own([-20, -15])).not.toEqual(own());
  });
});
