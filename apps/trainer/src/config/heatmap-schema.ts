import { z } from 'zod';
import { dataSchema } from './schemas.js';

const positive = z.number().positive();
const natural = z.number().int().positive();
const weight = z.number().nonnegative();
const three = z.tuple([z.number(), z.number(), z.number()]);
const range = z.tuple([positive, positive]).refine(([low, high]) => low <= high, 'expected the smaller number first');

/** Mean and deviation of each colour in 0–1, as `opposable stats` prints them; default those of FreiHAND. */
const normalization = z.strictObject({ mean: three, std: z.tuple([positive, positive, positive]) }).optional();

const model = z.union([
  z.strictObject({
    variant: z.enum(['documented', 'small']),
    inputSize: natural.multipleOf(16).default(128),
    normalization,
    /** PyTorch checkpoint that the weights come from, the tutorial's for example. */
    pretrained: z.string().optional(),
  }),
  /** The weights of another run, with images of its size or of another. */
  z.strictObject({ checkpoint: z.string(), inputSize: natural.multipleOf(8).optional() }),
]);

const heatmaps = z.strictObject({
  /** Standard deviation of the blobs, in cells of the map. */
  sigma: positive,
  /** Half of the blobs' extent in cells. */
  radius: natural,
  /** At the keypoint's very place, or at whole cells as in the 2D tutorial. */
  placement: z.enum(['exact', 'documented']).default('exact'),
  decoding: z.enum(['local', 'sharpened', 'expectation', 'argmax']).default('local'),
  /** Whether keypoints that are labelled but hidden are learnt. */
  hidden: z.enum(['include', 'exclude']).default('include'),
});

const optimizer = z.strictObject({
  name: z.enum(['sgd', 'adam']),
  learningRate: positive,
  momentum: z.number().min(0).lt(1).default(0),
  weightDecay: weight.default(0),
  gradientClip: positive.optional(),
  decay: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('constant') }),
      /** By the training loss of the epochs. */
      z.strictObject({
        kind: z.literal('plateau'),
        factor: positive.lt(1),
        patience: z.number().int().nonnegative(),
        threshold: weight,
      }),
      z.strictObject({
        kind: z.literal('cosine'),
        final: weight.max(1).default(0.01),
        warmUp: z.number().int().nonnegative().default(0),
      }),
    ])
    .default({ kind: 'constant' }),
});

const augmentation = z
  .strictObject({
    gain: range.default([1, 1]),
    noise: weight.default(0),
    /** Side of the window over the side of the stored image. */
    scale: range.default([1, 1]),
    /** Degrees to either side. */
    rotation: weight.max(180).default(0),
    /** Sides of the stored image along each axis. */
    translation: weight.max(1).default(0),
    /** Share of samples without a hand in the window. */
    empty: weight.max(1).default(0),
  })
  .prefault({});

/** `opposable train` with `kind: heatmap`. */
export const heatmapSchema = z.strictObject({
  kind: z.literal('heatmap'),
  seed: z.number().int().default(1),
  model,
  data: dataSchema,
  /** Looked at after every epoch; the best checkpoint and the early stop follow it. */
  validation: dataSchema.optional(),
  heatmaps,
  loss: z
    .strictObject({
      iou: weight.default(0),
      mse: weight.default(0),
      adaptiveWing: weight.default(0),
      expectation: weight.optional(),
    })
    .refine((terms) => Object.values(terms).some((term) => (term ?? 0) > 0), 'expected at least one weight above 0'),
  optimizer,
  augmentation,
  /** Pictures without a hand among the training samples, whose maps are empty. */
  negatives: z
    .strictObject({
      share: positive.lt(1),
      count: natural.default(1000),
      /** Folder of photographs without hands; default the generator's backgrounds. */
      folder: z.string().optional(),
    })
    .optional(),
  batchSize: natural,
  epochs: natural,
  /** Batches of one epoch, drawn anew from all samples; without it all of them. */
  batchesPerEpoch: natural.optional(),
  validationBatches: natural.default(21),
  /** After `after` epochs: no fall of the mean of the last `window` validation losses in more than `patience` epochs. */
  earlyStop: z.strictObject({ after: natural, window: natural, patience: z.number().int().nonnegative() }).optional(),
  /** Epochs between two checkpoints. */
  checkpointEvery: natural.default(1),
  /** Samples on samples.png, as stored and as trained. */
  sampleSheet: z.number().int().nonnegative().default(16),
  out: z.string(),
});
export type HeatmapConfig = z.output<typeof heatmapSchema>;
