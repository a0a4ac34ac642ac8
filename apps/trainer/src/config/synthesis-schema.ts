import { HAND_SHAPES, SYNTHESIS_PRESETS } from '@opposable/hand-synthesis';
import { z } from 'zod';

type Names = [string, ...string[]];
const share = z.number().min(0).max(1);
const range = z.tuple([z.number(), z.number()]).refine(([low, high]) => low <= high, 'expected [minimum, maximum]');
const probable = z.strictObject({ probability: share.optional() });

const rotation = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.enum(['full', 'uniform']) }),
  z.strictObject({ mode: z.literal('box'), maxDegrees: z.number().min(0).max(180) }),
  z.strictObject({
    mode: z.literal('realistic'),
    rollDegrees: z.number().nonnegative(),
    yawDegrees: z.number().nonnegative(),
    pitchDegrees: z.number().nonnegative(),
    backShare: share,
    egocentricShare: share,
    uniformShare: share,
  }),
]);

const pose = z.union([
  z.literal('coefficients'),
  z.strictObject({
    mixture: z.partialRecord(z.enum(['coefficients', ...Object.keys(HAND_SHAPES)] as Names), z.number().nonnegative()),
    jitterDegrees: z.number().nonnegative(),
    blend: share,
    maxPenetrationMillimetres: z.number().nonnegative(),
  }),
]);

const betas = z.union([
  z.strictObject({ distribution: z.literal('uniform'), range: z.number().nonnegative() }),
  z.strictObject({
    distribution: z.literal('normal'),
    deviation: z.number().nonnegative(),
    clip: z.number().positive(),
  }),
]);

const effects = z.strictObject({
  motionBlur: probable.extend({ pixels: range.optional() }).optional(),
  defocus: probable.extend({ pixels: range.optional() }).optional(),
  whiteBalance: probable.extend({ strength: z.number().nonnegative().optional() }).optional(),
  exposure: probable.extend({ gain: range.optional(), gamma: range.optional(), contrast: range.optional() }).optional(),
  saturation: probable.extend({ factor: range.optional() }).optional(),
  grey: probable.optional(),
  jpeg: probable.extend({ quality: range.optional() }).optional(),
});

/** Settings of synthetic hands: a preset, and what replaces parts of it. The ranges themselves are checked by the library. */
export const synthesisSettings = {
  preset: z.enum(Object.keys(SYNTHESIS_PRESETS) as ['seed', 'demo', 'realistic']).default('realistic'),
  keypointOrder: z.string().optional(),
  size: z.int().min(32).max(1024).optional(),
  betas: betas.optional(),
  poseRange: z.number().nonnegative().optional(),
  pose: pose.optional(),
  rotation: rotation.optional(),
  sideOverHand: range.optional(),
  camera: z
    .union([
      z.literal('weak-perspective'),
      z.strictObject({ perspectiveShare: share, focalOverSide: range, offAxisDegrees: z.number().min(0).max(45) }),
    ])
    .optional(),
  lighting: z.enum(['head', 'front', 'random', 'room']).optional(),
  background: z.enum(['varied', 'plain', 'scene']).optional(),
  photoShare: share.optional(),
  coloring: z.enum(['drawn', 'shipped']).optional(),
  skin: z
    .strictObject({
      typologyAngle: range.optional(),
      nails: share.optional(),
      creases: share.optional(),
      veins: share.optional(),
      hair: probable.optional(),
    })
    .optional(),
  forearm: z
    .strictObject({
      probability: share.optional(),
      lengthMillimetres: range.optional(),
      bendDegrees: z.number().nonnegative().optional(),
      sleeveProbability: share.optional(),
      sleeveMillimetres: range.optional(),
    })
    .optional(),
  ring: probable.optional(),
  watch: probable.optional(),
  occluder: probable.extend({ size: range.optional() }).optional(),
  secondHand: probable.optional(),
  effects: effects.optional(),
  noise: range.optional(),
  antialias: z.int().min(1).max(4).optional(),
};

/** What `opposable synthesize --config` reads. */
export const synthesizeSchema = z.strictObject({
  ...synthesisSettings,
  seed: z.union([z.int().nonnegative(), z.string()]).optional(),
  train: z.int().nonnegative().optional(),
  test: z.int().nonnegative().optional(),
  /** Folder of the dataset; relative to the working directory. */
  out: z.string().min(1).optional(),
  /** Folder of images to cut backgrounds from, relative to the file. */
  backgrounds: z.string().min(1).optional(),
  /** Folder of coloured meshes, as `opposable color-meshes` writes them, relative to the file. */
  colorings: z.string().min(1).optional(),
  imageFormat: z.enum(['jpeg', 'png']).optional(),
  jpegQuality: z.int().min(1).max(100).optional(),
  /** Whether maps of depth are written. */
  depth: z.boolean().optional(),
});
