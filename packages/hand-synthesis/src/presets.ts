import type { BackgroundKind } from './appearance/procedural-background.js';

/** How a number or a block of numbers is drawn. */
export type BetasDistribution =
  | { readonly distribution: 'uniform'; /** betas lie in ± range */ readonly range: number }
  | {
      readonly distribution: 'normal';
      readonly deviation: number;
      /** betas beyond ± clip are drawn again */
      readonly clip: number;
    };

export type RotationDistribution =
  | { /** any orientation, by the rule of 3dhand */ readonly mode: 'full' }
  | {
      /** the three axis-angle numbers are independent and uniform over ± maxDegrees */
      readonly mode: 'box';
      readonly maxDegrees: number;
    };

/** What the pictures look like and how the 22 numbers are drawn. */
export interface SynthesisSettings {
  /** Side of the square image in pixels. */
  readonly size: number;
  readonly betas: BetasDistribution;
  /** The six pose coefficients are uniform in ± this. */
  readonly poseRange: number;
  readonly rotation: RotationDistribution;
  /** Side of the image over the longer side of the projected mesh, uniform between the two. */
  readonly sideOverHand: readonly [minimum: number, maximum: number];
  /** 'head': one lamp at the viewer; 'front': one beside the viewer; 'random': lamps and ambient light of random direction, strength and tint. */
  readonly lighting: 'head' | 'front' | 'random';
  /** What procedural backgrounds look like; pictures of the caller's own take their place. */
  readonly background: BackgroundKind;
  /** Standard deviation of the sensor noise in bytes, uniform between the two. */
  readonly noise: readonly [minimum: number, maximum: number];
  /** Samples per pixel and axis. */
  readonly antialias: number;
}

/**
 * Named settings.
 *
 * - `seed`: the ranges of the generator of 3dhand (Boukhayma et al., CVPR 2019, released code), made for MANO: betas
 *   uniform ± 0.03, pose uniform ± 2, every orientation, image 320, one lamp at the viewer.
 * - `demo`: shapes of unit coefficients as people have them, ± 60° on every axis, small images, one lamp beside the viewer,
 *   plain backgrounds.
 */
export const SYNTHESIS_PRESETS = {
  seed: {
    size: 320,
    betas: { distribution: 'uniform', range: 0.03 },
    poseRange: 2,
    rotation: { mode: 'full' },
    sideOverHand: [2, 2.4],
    lighting: 'head',
    background: 'varied',
    noise: [0, 0],
    antialias: 2,
  },
  demo: {
    size: 128,
    betas: { distribution: 'normal', deviation: 1, clip: 2 },
    poseRange: 2,
    rotation: { mode: 'box', maxDegrees: 60 },
    sideOverHand: [2, 2.4],
    lighting: 'front',
    background: 'plain',
    noise: [0, 2],
    antialias: 2,
  },
} as const satisfies Record<string, SynthesisSettings>;

export type SynthesisPreset = keyof typeof SYNTHESIS_PRESETS;
