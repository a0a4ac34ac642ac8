import {
  AUGMENTATION_PRESETS,
  type AugmentationPreset,
  ENCODER_NAMES,
  FIT_READERS,
  MASK_SIZES,
  ORIGINAL_MISTAKES,
} from '@opposable/hand-training';
import { z } from 'zod';
import { synthesisSettings } from './synthesis-schema.js';

const positive = z.number().positive();
const natural = z.number().int().positive();
const weight = z.number().nonnegative();

const prepared = { prepared: z.string(), split: z.string().default('train') };
const reader = {
  reader: z.enum(FIT_READERS),
  readerOptions: z.record(z.string(), z.unknown()).optional(),
  root: z.string(),
  rows: z.array(z.number().int().nonnegative()).min(1).optional(),
  /** Side of the square crop over the longest side of the keypoint box. */
  cropFactor: positive.default(2.2),
};
const { keypointOrder: _order, preset, ...ranges } = synthesisSettings;
const synthetic = {
  /** Hands made as they are needed: a preset, and ranges as `opposable synthesize --config` takes them. */
  synthetic: z.strictObject({
    ...ranges,
    preset: preset.unwrap().default('demo'),
    seed: z.number().int().default(1),
    split: z.string().default('train'),
    /** Hands of one round; without it none comes twice. */
    count: natural.optional(),
  }),
};
/** Share of the samples, next to the other weights. */
const mixed = { weight: positive.default(1) };

/** Where samples come from: a prepared dataset, or one of the readers of @opposable/hand-datasets. */
export const dataSchema = z.union([z.strictObject(prepared), z.strictObject(reader)]);
export type DataConfig = z.output<typeof dataSchema>;

/** What the two stages train on: the same, the generator, or several mixed. */
const stageDataSchema = z.union([
  z.strictObject(prepared),
  z.strictObject(reader),
  z.strictObject(synthetic),
  z.strictObject({
    mix: z
      .array(
        z.union([
          z.strictObject({ ...prepared, ...mixed }),
          z.strictObject({ ...reader, ...mixed }),
          z.strictObject({ ...synthetic, ...mixed }),
        ]),
      )
      .min(1),
  }),
]);

/** Held-back samples that are measured while the network trains. */
const validation = z
  .union([
    z.strictObject({ ...prepared, split: z.string().default('test'), count: natural.optional() }),
    z.strictObject({ ...reader, count: natural.optional() }),
  ])
  .optional();

/** A new network, or a checkpoint to go on from. */
export const modelSchema = z.union([
  z.strictObject({
    encoder: z.enum(ENCODER_NAMES),
    inputSize: natural.multipleOf(32),
    /** 3: the image; 24: the image and 21 heat maps, which `opposable heatmaps` puts into a prepared dataset. Default 3. */
    channels: z.union([z.literal(3), z.literal(24)]).optional(),
    /** PyTorch checkpoint that the weights come from: torchvision's layout, or 3dhand's. */
    pretrained: z.string().optional(),
    /** File of the right hand that the 22 numbers speak of, MANO's for example. Default the open hand. */
    hand: z.string().optional(),
    /** Default: what the pretrained weights expect, 'unit' without them. */
    inputNormalization: z.enum(['unit', 'imagenet']).optional(),
    pooling: z.enum(['mean', '3dhand']).optional(),
    /** The head also gets the places of the heat maps' keypoints as numbers; with 24 channels. Default false. */
    keypointFeatures: z.boolean().optional(),
    outputScale: z.literal('3dhand').optional(),
    /** Of random weights. 'kaiming-fan-in': every kernel, the head's too, as in the reproduction of 3dhand. */
    initialization: z.enum(['default', 'kaiming-fan-in']).optional(),
  }),
  z.strictObject({ checkpoint: z.string(), hand: z.string().optional() }),
]);
export type ModelConfig = z.output<typeof modelSchema>;

/** When a loss counts as no longer improving: patience is counted in means over `every` iterations. */
const watched = {
  every: natural.optional(),
  patience: z.number().int().nonnegative().optional(),
  threshold: weight.optional(),
  /** The loss (total) or one of its terms. */
  metric: z.string().optional(),
};

const DECAYS = ['learningRateStep', 'learningRateCosine', 'learningRatePlateau'] as const;

const optimizer = z
  .strictObject({
    batchSize: natural,
    iterations: natural,
    learningRate: positive,
    /** Iterations over which the learning rate rises to its value. */
    warmUp: natural.optional(),
    /** The learning rate is multiplied by `factor` every `every` iterations. */
    learningRateStep: z.strictObject({ every: natural, factor: positive.max(1) }).optional(),
    /** Half a cosine down to `final` of the learning rate. */
    learningRateCosine: z.strictObject({ final: weight.max(1) }).optional(),
    /** The learning rate is multiplied by `factor` whenever the loss stops improving. */
    learningRatePlateau: z.strictObject({ factor: positive.lt(1), minimum: weight.optional(), ...watched }).optional(),
    beta1: z.number().min(0).lt(1).default(0.9),
    weightDecay: weight.default(0),
    /** Largest norm of all gradients together. */
    gradientClip: positive.optional(),
    /** A loss above this many times its recent mean ends the run. Default 1000. */
    explosionFactor: positive.gt(1).optional(),
    /** Weights whose names begin with one of these stay as they are. */
    frozen: z.array(z.string().min(1)).optional(),
  })
  .refine((given) => DECAYS.filter((name) => given[name] !== undefined).length <= 1, {
    message: `expected at most one of ${DECAYS.join(', ')}`,
  });

const range = z.tuple([positive, positive]);
const rangeFrom0 = z.tuple([weight, weight]);

/** What replaces the preset's values, or those of no preset: noise 1. */
const augmentation = z
  .strictObject({
    preset: z.enum(Object.keys(AUGMENTATION_PRESETS) as [AugmentationPreset, ...AugmentationPreset[]]).optional(),
    gain: range.optional(),
    noise: weight.optional(),
    shift: weight.max(1).optional(),
    /** degrees */
    rotation: weight.max(180).optional(),
    scale: range.optional(),
    window3dhand: z.boolean().optional(),
    channelGain: range.optional(),
    contrast: rangeFrom0.optional(),
    saturation: rangeFrom0.optional(),
    cutout: z.strictObject({ probability: weight.max(1), side: z.tuple([weight.max(1), weight.max(1)]) }).optional(),
    mistakes: z.array(z.enum(ORIGINAL_MISTAKES)).optional(),
  })
  .prefault({});

/** What is written while the network trains. */
const keep = z
  .strictObject({
    /** Iterations and seconds between two checkpoints. */
    every: natural.optional(),
    everySeconds: positive.optional(),
    last: natural.optional(),
    validateEvery: natural.optional(),
  })
  .prefault({});

/** Threads that read and augment, and batches that are made ahead. */
const loader = z
  .strictObject({ threads: z.number().int().nonnegative().optional(), ahead: natural.optional() })
  .optional();

const common = {
  seed: z.number().int().default(1),
  model: modelSchema,
  data: stageDataSchema,
  optimizer,
  augmentation,
  loader,
  validation,
  keep,
  /** Folder of the run. */
  out: z.string(),
};

const parameterMetrics = {
  /** Whether the pose's error is that of the coefficients, or of the joints' angles. */
  poseMetric: z.enum(['coefficients', 'angles']).default('coefficients'),
  /** Whether the global rotation's error is that of its axis-angle vector, or of the rotation. */
  rotationMetric: z.enum(['vectors', 'chordal']).default('vectors'),
};

export const pretrainSchema = z.strictObject({
  ...common,
  /** Weights of the mean squared error of each block of the 22 numbers. */
  weights: z
    .strictObject({
      scale: weight.default(0.1),
      translation: weight.default(0.2),
      rotation: weight.default(5000),
      pose: weight.default(1000),
      betas: weight.default(100000),
    })
    .prefault({}),
  ...parameterMetrics,
});

const absent = weight.default(0);

export const trainSchema = z
  .strictObject({
    ...common,
    weights: z.strictObject({
      keypoints2d: weight,
      keypoints3d: weight,
      mask: weight,
      regularization: weight,
    }),
    /** Later weights of the mask term: from this iteration on, this weight; or the next one when its loss stops improving. */
    maskSchedule: z
      .union([
        z
          .array(z.strictObject({ from: z.number().int().nonnegative(), weight }))
          .refine(
            (pieces) => pieces.every(({ from }, i) => i === 0 || from > pieces[i - 1]!.from),
            'expected iterations (from) that rise',
          ),
        z.strictObject({ onPlateau: z.array(weight).min(1), ...watched }),
      ])
      .default([]),
    /** Side of the masks in which the projected vertices are looked up. */
    maskSize: natural.min(MASK_SIZES.least).max(MASK_SIZES.most).default(64),
    keypoints3dVariant: z.enum(['perspective', 'normalized', 'normalized-detached']).default('perspective'),
    /** Factor of the squared betas within the regularisation term. */
    betaWeight: weight.default(10000),
    /** Errors of the 22 numbers beside the others, as in pretraining, over the samples that have them. */
    parameters: z
      .strictObject({
        weights: z
          .strictObject({ scale: absent, translation: absent, rotation: absent, pose: absent, betas: absent })
          .prefault({}),
        ...parameterMetrics,
      })
      .optional(),
    /** What the original does otherwise in the perspective 3D term. */
    original3d: z.strictObject({ resizedXy: z.boolean().optional(), focal: positive.optional() }).optional(),
  })
  .refine(({ original3d, keypoints3dVariant }) => original3d === undefined || keypoints3dVariant === 'perspective', {
    message: 'expected perspective, which original3d changes',
    path: ['keypoints3dVariant'],
  });
