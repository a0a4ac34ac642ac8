import type { HandShapeName } from '../pose/hand-shapes.js';
import type { BackgroundSetting } from './background.js';
import type { LightingSetting } from './lighting.js';

/** Uniform between the two. */
export type Range = readonly [minimum: number, maximum: number];

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
  | { /** any orientation, by the rule of 3dhand, which is not quite uniform */ readonly mode: 'full' }
  | {
      /** the three axis-angle numbers are independent and uniform over ± maxDegrees */
      readonly mode: 'box';
      readonly maxDegrees: number;
    }
  | { /** uniform over all orientations (Haar measure) */ readonly mode: 'uniform' }
  | {
      /**
       * As hands are photographed: fingers upwards, turned in the picture by a normal angle, tilted about both other axes;
       * palm or back to the viewer; a part of them as their owner sees them, fingers away; a part uniform.
       */
      readonly mode: 'realistic';
      /** deviations in degrees: in the picture, about the vertical, about the horizontal */
      readonly rollDegrees: number;
      readonly yawDegrees: number;
      readonly pitchDegrees: number;
      /** share that shows the back of the hand */
      readonly backShare: number;
      /** share seen by its owner */
      readonly egocentricShare: number;
      /** how far the fingers of a hand seen by its owner are tilted; default −75 (away from the viewer) to −15 (up) */
      readonly egocentricTiltDegrees?: Range | undefined;
      /** share uniform over all orientations */
      readonly uniformShare: number;
    };

/** Poses drawn from shapes of hands. */
export interface NaturalPose {
  /** Weight of each shape; 'coefficients' are six coefficients of the pose basis, normal, cut at ± 2. */
  readonly mixture: Partial<Readonly<Record<HandShapeName | 'coefficients', number>>>;
  /** Deviation of every bend in degrees; half of it sideways. */
  readonly jitterDegrees: number;
  /** Probability of a mixture of two shapes. */
  readonly blend: number;
  /** Poses whose parts overlap by more are drawn again. */
  readonly maxPenetrationMillimetres: number;
}

export interface CameraDistribution {
  /** Share of perspective cameras; the others are weak perspective. */
  readonly perspectiveShare: number;
  /** Focal length over the side of the image, uniform in the logarithm. */
  readonly focalOverSide: Range;
  /** Largest angle between the optical axis and the hand, degrees. */
  readonly offAxisDegrees: number;
}

/** What skin is made of. Its gloss is seen with the light of a room alone. */
export interface SkinSettings {
  /** Individual typology angle of drawn skin, degrees: above 55 very light, below −30 dark. */
  readonly typologyAngle: Range;
  /** a* and b* of drawn skin in CIELAB; very light and dark skin has less of b*. */
  readonly redness: Range;
  readonly yellowness: Range;
  /** Uneven colour of drawn skin over a few centimetres, from 0 (none) to 1. */
  readonly patches: number;
  /** Nails, creases and veins, each from 0 (none) to 1; a hand has a random part of it. */
  readonly nails: number;
  readonly creases: number;
  readonly veins: number;
  /** Share of hands with painted nails, where there are nails. */
  readonly nailPaint: Probable;
  /** Uneven colour over a few millimetres, as a part, where there are creases. */
  readonly mottling: Range;
  /** From dry skin, of roughness 0.65, at 0 to wet skin, of roughness 0.35, at 1. */
  readonly wetness: Range;
  /** Part of the light that is reflected head-on. */
  readonly specular: Range;
  /** How far light goes around edges within skin; 1 as measured, red farthest. */
  readonly scatter: Range;
  readonly hair: Probable & {
    /** number of hairs on hand and forearm */
    readonly count: Range;
    readonly lengthMillimetres: Range;
    readonly opacity: Range;
  };
}

export interface ForearmSettings {
  readonly probability: number;
  readonly lengthMillimetres: Range;
  /** Deviation of the bend of the wrist, degrees, for both of its axes. */
  readonly bendDegrees: number;
  /** Of those with a forearm. */
  readonly sleeveProbability: number;
  /** Distance of the sleeve from the wrist. */
  readonly sleeveMillimetres: Range;
  /** Distance of the cloth from the skin, and how much of it folds take. */
  readonly sleeveFitMillimetres: Range;
  readonly sleeveFoldMillimetres: Range;
  /** Share of sleeves in two colours. */
  readonly sleeveStripesShare: number;
}

export interface RingSettings extends Probable {
  /** Along the finger. */
  readonly widthMillimetres: Range;
  /** Out of the finger. */
  readonly heightMillimetres: Range;
}

export interface WatchSettings extends Probable {
  readonly fromWristMillimetres: Range;
  readonly strapMillimetres: Range;
  /** Half the width of the case. */
  readonly caseRadiusMillimetres: Range;
  /** Share of straps without a case. */
  readonly braceletShare: number;
}

export interface OccluderSettings extends Probable {
  /** Over the size of the hand. */
  readonly size: Range;
  /** Share of sticks and bottles. */
  readonly longShare: number;
  /** Share that stands behind the hand, seen between the fingers. */
  readonly behindShare: number;
  readonly glossyShare: number;
}

export interface SecondHandSettings extends Probable {
  readonly otherSideShare: number;
  readonly behindShare: number;
  /** Between the middles of both hands, over half the sum of their sizes: below 1 they overlap. */
  readonly distance: Range;
}

/** Something that is there with a probability. */
export interface Probable {
  readonly probability: number;
}

export interface EffectSettings {
  /** Length in pixels of a 256-pixel image. */
  readonly motionBlur: Probable & { readonly pixels: Range };
  /** Deviation of the blur in pixels of a 256-pixel image. */
  readonly defocus: Probable & { readonly pixels: Range };
  /** Largest change of red and blue, as a part; green changes by three tenths of it. */
  readonly whiteBalance: Probable & { readonly strength: number };
  /** Gain, gamma and contrast of the tone curve. */
  readonly exposure: Probable & { readonly gain: Range; readonly gamma: Range; readonly contrast: Range };
  readonly saturation: Probable & { readonly factor: Range };
  readonly grey: Probable;
  /** Compression in 8 × 8 blocks with halved chroma, before the file is written. */
  readonly jpeg: Probable & { readonly quality: Range };
}

/** What the pictures look like and how the hands are drawn. */
export interface SynthesisSettings {
  /** Side of the square image in pixels. */
  readonly size: number;
  readonly betas: BetasDistribution;
  /** With `pose` 'coefficients', six coefficients are uniform in ± this. */
  readonly poseRange: number;
  readonly pose: 'coefficients' | NaturalPose;
  readonly rotation: RotationDistribution;
  /** Side of the image over the longer side of the projected mesh, uniform between the two. */
  readonly sideOverHand: Range;
  readonly camera: 'weak-perspective' | CameraDistribution;
  /**
   * 'head': one lamp at the viewer; 'front': one beside the viewer; 'random': lamps and ambient light of random direction,
   * strength and tint; 'room': light from all around, a lamp with a shadow, and weaker ones. Or one of the last three as `kind`
   * with ranges in the places of its own, which are `LIGHTING_RANGES`.
   */
  readonly lighting: LightingSetting;
  /**
   * What procedural backgrounds look like: a kind, or a `kind` with ranges in the places of its own, which are
   * `BACKGROUND_RANGES`. Pictures of the caller's own take their place with `photoShare`.
   */
  readonly background: BackgroundSetting;
  /** Share of pictures of the caller's own among the backgrounds, where there are any. */
  readonly photoShare: number;
  /** Side of what is cut from such a picture, over its shorter side. */
  readonly photoCrop: Range;
  /** Skin drawn anew for every hand, or one of the shipped set of colourings. */
  readonly coloring: 'drawn' | 'shipped';
  readonly skin: SkinSettings;
  readonly forearm: ForearmSettings;
  readonly ring: RingSettings;
  /** A watch or bracelet; only a hand with a forearm has one. */
  readonly watch: WatchSettings;
  /** Something in front of the hand, or behind it. */
  readonly occluder: OccluderSettings;
  /** Another hand, not annotated. */
  readonly secondHand: SecondHandSettings;
  readonly effects: EffectSettings;
  /** Standard deviation of the sensor noise in bytes, uniform between the two. */
  readonly noise: Range;
  /** Samples per pixel and axis. */
  readonly antialias: number;
}
