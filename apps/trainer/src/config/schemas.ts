import { ENCODER_NAMES, FIT_READERS } from '@opposable/hand-training';
import { z } from 'zod';

const positive = z.number().positive();
const natural = z.number().int().positive();
const weight = z.number().nonnegative();

/** Where the samples come from: a prepared dataset, or one of the readers of @opposable/hand-datasets. */
export const dataSchema = z.union([
  z.strictObject({ prepared: z.string(), split: z.string().default('train') }),
  z.strictObject({
    reader: z.enum(FIT_READERS),
    readerOptions: z.record(z.string(), z.unknown()).optional(),
    root: z.string(),
    rows: z.array(z.number().int().nonnegative()).min(1).optional(),
    /** Side of the square crop over the longest side of the keypoint box. */
    cropFactor: positive.default(2.2),
  }),
]);
export type DataConfig = z.output<typeof dataSchema>;

/** A new network, or a checkpoint to go on from. */
export const modelSchema = z.union([
  z.strictObject({
    encoder: z.enum(ENCODER_NAMES),
    inputSize: natural.multipleOf(32),
    /** PyTorch checkpoint that the weights come from: torchvision's layout, or 3dhand's. */
    pretrained: z.string().optional(),
    /** Default: what the pretrained weights expect, 'unit' without them. */
    inputNormalization: z.enum(['unit', 'imagenet']).optional(),
    pooling: z.enum(['mean', '3dhand']).optional(),
    outputScale: z.literal('3dhand').optional(),
  }),
  z.strictObject({ checkpoint: z.string() }),
]);
export type ModelConfig = z.output<typeof modelSchema>;

const optimizer = z.strictObject({
  batchSize: natural,
  iterations: natural,
  learningRate: positive,
  /** The learning rate is multiplied by `factor` every `every` iterations. */
  learningRateStep: z.strictObject({ every: natural, factor: positive.max(1) }).optional(),
  beta1: z.number().min(0).lt(1).default(0.9),
  weightDecay: weight.default(0),
  /** Largest norm of all gradients together. */
  gradientClip: positive.optional(),
});

const augmentation = z
  .strictObject({
    gain: z.tuple([positive, positive]).default([1, 1]),
    noise: weight.default(1),
  })
  .prefault({});

const common = {
  seed: z.number().int().default(1),
  model: modelSchema,
  data: dataSchema,
  optimizer,
  augmentation,
  /** Folder of the run. */
  out: z.string(),
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
  /** Whether the pose's error is that of the coefficients, or of the joints' angles. */
  poseMetric: z.enum(['coefficients', 'angles']).default('coefficients'),
});

export const trainSchema = z.strictObject({
  ...common,
  weights: z.strictObject({
    keypoints2d: weight,
    keypoints3d: weight,
    mask: weight,
    regularization: weight,
  }),
  /** Later weights of the mask term: from this iteration on, this weight. */
  maskSchedule: z.array(z.strictObject({ from: z.number().int().nonnegative(), weight })).default([]),
  keypoints3dVariant: z.enum(['perspective', 'normalized', 'normalized-detached']).default('perspective'),
  /** Factor of the squared betas within the regularisation term. */
  betaWeight: weight.default(10000),
});
