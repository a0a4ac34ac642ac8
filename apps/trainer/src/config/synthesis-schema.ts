import { HAND_SHAPES, SYNTHESIS_PRESETS } from '@opposable/hand-synthesis';
import { z } from 'zod';

type Names = [string, ...string[]];
const share = z.number().min(0).max(1);
const range = z.tuple([z.number(), z.number()]).refine(([low, high]) => low <= high, 'expected [minimum, maximum]');
const probable = z.strictObject({ probability: share.optional() });
/** A block in part. */
const block = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).partial().optional();

const ambient = { strength: range, tint: share };
const lamp = { strength: range, tint: share, leastCosine: z.number().min(-1).max(1) };
const others = block({ ...lamp, count: range });

const lighting = z.union([
  z.enum(['head', 'front', 'random', 'room']),
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('front'), ambient: block(ambient), lamp: block(lamp) }),
    z.strictObject({ kind: z.literal('random'), ambient: block(ambient), lamp: block(lamp), others }),
    z.strictObject({
      kind: z.literal('room'),
      ambient: block({ ...ambient, slope: range, slopeTint: share }),
      lamp: block({
        ...lamp,
        dim: block({ probability: share, strength: range }),
        shadow: block({ probability: share, strength: range }),
      }),
      others,
    }),
  ]),
]);

const background = z.union([
  z.enum(['varied', 'plain', 'scene']),
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('plain'), spots: range.optional() }),
    z.strictObject({
      kind: z.literal('varied'),
      stripes: probable.optional(),
      blobs: range.optional(),
      noise: block({ probability: share, amplitude: range }),
    }),
    z.strictObject({
      kind: z.literal('scene'),
      things: range.optional(),
      shelfShare: share.optional(),
      skinThingShare: share.optional(),
      skinWallShare: share.optional(),
      floor: probable.optional(),
      brightness: range.optional(),
      grain: range.optional(),
      coarseGrain: range.optional(),
      blur: block({ probability: share, overSide: range }),
    }),
  ]),
]);

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
    egocentricTiltDegrees: range.optional(),
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
  motionBlur: block({ probability: share, pixels: range }),
  defocus: block({ probability: share, pixels: range }),
  whiteBalance: block({ probability: share, strength: z.number().nonnegative() }),
  exposure: block({ probability: share, gain: range, gamma: range, contrast: range }),
  saturation: block({ probability: share, factor: range }),
  grey: probable.optional(),
  jpeg: block({ probability: share, quality: range }),
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
  lighting: lighting.optional(),
  background: background.optional(),
  photoShare: share.optional(),
  photoCrop: range.optional(),
  coloring: z.enum(['drawn', 'shipped']).optional(),
  skin: block({
    typologyAngle: range,
    redness: range,
    yellowness: range,
    patches: share,
    nails: share,
    creases: share,
    veins: share,
    nailPaint: probable,
    mottling: range,
    wetness: range,
    specular: range,
    scatter: range,
    hair: z.strictObject({ probability: share, count: range, lengthMillimetres: range, opacity: range }).partial(),
  }),
  forearm: block({
    probability: share,
    lengthMillimetres: range,
    bendDegrees: z.number().nonnegative(),
    sleeveProbability: share,
    sleeveMillimetres: range,
    sleeveFitMillimetres: range,
    sleeveFoldMillimetres: range,
    sleeveStripesShare: share,
  }),
  ring: block({ probability: share, widthMillimetres: range, heightMillimetres: range }),
  watch: block({
    probability: share,
    fromWristMillimetres: range,
    strapMillimetres: range,
    caseRadiusMillimetres: range,
    braceletShare: share,
  }),
  occluder: block({ probability: share, size: range, longShare: share, behindShare: share, glossyShare: share }),
  secondHand: block({ probability: share, otherSideShare: share, behindShare: share, distance: range }),
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
