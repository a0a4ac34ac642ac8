import { SKIN_TONE_RANGE } from '../appearance/skin-tone.js';
import { EGOCENTRIC_TILT } from '../sampling/egocentric-tilt.js';
import type { EffectSettings, NaturalPose, SynthesisSettings } from './types.js';

const NO_EFFECTS: EffectSettings = {
  motionBlur: { probability: 0, pixels: [0, 0] },
  defocus: { probability: 0, pixels: [0, 0] },
  whiteBalance: { probability: 0, strength: 0 },
  exposure: { probability: 0, gain: [1, 1], gamma: [1, 1], contrast: [1, 1] },
  saturation: { probability: 0, factor: [1, 1] },
  grey: { probability: 0 },
  jpeg: { probability: 0, quality: [90, 90] },
};

const SKIN = {
  typologyAngle: SKIN_TONE_RANGE.typologyAngle,
  redness: SKIN_TONE_RANGE.a,
  yellowness: SKIN_TONE_RANGE.b,
  patches: 1,
  nailPaint: { probability: 0.12 },
  mottling: [0.02, 0.12],
  wetness: [0, 1],
  specular: [0.028, 0.028],
  scatter: [0.5, 1.2],
} as const;
const HAIR = { count: [40, 220], lengthMillimetres: [4, 11], opacity: [0.2, 0.55] } as const;
const SLEEVE = { sleeveFitMillimetres: [4, 16], sleeveFoldMillimetres: [0, 5], sleeveStripesShare: 0.2 } as const;
const RING = { widthMillimetres: [2, 7], heightMillimetres: [0.8, 2] } as const;
const WATCH = {
  fromWristMillimetres: [12, 30],
  strapMillimetres: [6, 22],
  caseRadiusMillimetres: [12, 19],
  braceletShare: 0.3,
} as const;
const OCCLUDER = { longShare: 0.4, behindShare: 0.25, glossyShare: 0.5 } as const;
const SECOND_HAND = { otherSideShare: 0.75, behindShare: 0.8, distance: [0.55, 1.15] } as const;

/** A hand alone. */
const BARE = {
  camera: 'weak-perspective',
  photoShare: 1,
  photoCrop: [0.5, 1],
  coloring: 'drawn',
  skin: { ...SKIN, nails: 0, creases: 0, veins: 0, hair: { probability: 0, ...HAIR } },
  forearm: {
    probability: 0,
    lengthMillimetres: [80, 250],
    bendDegrees: 15,
    sleeveProbability: 0,
    sleeveMillimetres: [20, 120],
    ...SLEEVE,
  },
  ring: { probability: 0, ...RING },
  watch: { probability: 0, ...WATCH },
  occluder: { probability: 0, size: [0.15, 0.4], ...OCCLUDER },
  secondHand: { probability: 0, ...SECOND_HAND },
  effects: NO_EFFECTS,
} as const satisfies Partial<SynthesisSettings>;

const NATURAL: NaturalPose = {
  mixture: {
    ...{ relaxed: 10, open: 16, fist: 9, curl: 12, counting: 22, pointing: 7, thumbUp: 6, pinch: 9, tripod: 4 },
    ...{ cylinder: 6, sphere: 5, hook: 5, tableTop: 4, key: 3, anything: 6, coefficients: 6 },
  },
  jitterDegrees: 3,
  blend: 0.15,
  maxPenetrationMillimetres: 4,
};

/**
 * Named settings.
 *
 * - `seed`: the ranges of the generator of 3dhand (Boukhayma et al., CVPR 2019, released code), made for MANO: betas
 *   uniform ± 0.03, pose uniform ± 2, every orientation, image 320, one lamp at the viewer.
 * - `demo`: shapes of unit coefficients as people have them, ± 60° on every axis, small images, one lamp beside the viewer,
 *   plain backgrounds.
 * - `realistic`: as near to photographs as it gets: everything that can vary does. How its ranges were chosen is on
 *   docs/results/synthetic-realism.md.
 */
export const SYNTHESIS_PRESETS = {
  seed: {
    ...BARE,
    coloring: 'shipped',
    size: 320,
    betas: { distribution: 'uniform', range: 0.03 },
    poseRange: 2,
    pose: 'coefficients',
    rotation: { mode: 'full' },
    sideOverHand: [2, 2.4],
    lighting: 'head',
    background: 'varied',
    noise: [0, 0],
    antialias: 2,
  },
  demo: {
    ...BARE,
    size: 128,
    betas: { distribution: 'normal', deviation: 1, clip: 2 },
    poseRange: 2,
    pose: 'coefficients',
    rotation: { mode: 'box', maxDegrees: 60 },
    sideOverHand: [2, 2.4],
    lighting: 'front',
    background: 'plain',
    noise: [0, 2],
    antialias: 2,
  },
  realistic: {
    size: 256,
    betas: { distribution: 'normal', deviation: 1, clip: 2.5 },
    poseRange: 2,
    pose: NATURAL,
    rotation: {
      mode: 'realistic',
      rollDegrees: 45,
      yawDegrees: 35,
      pitchDegrees: 30,
      backShare: 0.35,
      egocentricShare: 0.15,
      egocentricTiltDegrees: EGOCENTRIC_TILT,
      uniformShare: 0.15,
    },
    sideOverHand: [1.2, 2.2],
    camera: { perspectiveShare: 0.8, focalOverSide: [1.3, 8], offAxisDegrees: 25 },
    lighting: 'room',
    background: 'scene',
    photoShare: 0.7,
    photoCrop: [0.5, 1],
    coloring: 'drawn',
    skin: { ...SKIN, nails: 1, creases: 1, veins: 0.5, hair: { probability: 0.25, ...HAIR } },
    forearm: {
      probability: 0.92,
      lengthMillimetres: [140, 360],
      bendDegrees: 18,
      sleeveProbability: 0.45,
      sleeveMillimetres: [10, 140],
      ...SLEEVE,
    },
    ring: { probability: 0.1, ...RING },
    watch: { probability: 0.12, ...WATCH },
    occluder: { probability: 0.15, size: [0.12, 0.4], ...OCCLUDER },
    secondHand: { probability: 0.1, ...SECOND_HAND },
    effects: {
      motionBlur: { probability: 0.12, pixels: [1, 8] },
      defocus: { probability: 0.35, pixels: [0.3, 2.2] },
      whiteBalance: { probability: 0.8, strength: 0.2 },
      exposure: { probability: 0.9, gain: [0.7, 1.35], gamma: [0.75, 1.35], contrast: [0.75, 1.3] },
      saturation: { probability: 0.6, factor: [0.5, 1.4] },
      grey: { probability: 0.04 },
      jpeg: { probability: 0.3, quality: [35, 92] },
    },
    noise: [0, 8],
    antialias: 2,
  },
} as const satisfies Record<string, SynthesisSettings>;

export type SynthesisPreset = keyof typeof SYNTHESIS_PRESETS;
