import { keypointOrder } from '@opposable/keypoint-order';
import { z } from 'zod';
import { SPLIT_NAME } from '../prepared/schema.js';
import { SQUARE_CROP_FACTOR } from '../transform/square-crop.js';

const orderName = z.string().transform((name, context) => {
  try {
    return keypointOrder(name).name;
  } catch (cause) {
    context.addIssue({ code: 'custom', message: (cause as Error).message.replace(/\.$/, '') });
    return z.NEVER;
  }
});

/** One dataset, or part of one, that goes into a split. */
export const prepareSourceSchema = z.strictObject({
  /** Name of the reader. */
  dataset: z.string(),
  /** The dataset's folder. */
  root: z.string().min(1),
  /** The reader's own options. */
  options: z.record(z.string(), z.unknown()).default({}),
  /** At most so many records. */
  limit: z.int().positive().optional(),
});

const shared = {
  /** Folder of the prepared dataset. */
  out: z.string().min(1),
  jpegQuality: z.int().min(1).max(100).default(92),
  splits: z
    .record(
      z.string().regex(SPLIT_NAME, 'expected a split named by letters, digits, - and _'),
      z.array(prepareSourceSchema).min(1, 'expected at least one dataset'),
    )
    .refine((splits) => Object.keys(splits).length > 0, 'expected at least one split'),
};

/** The rules of 3dhand: MANO's order, right hands, windows sampled at their corners. */
export const PREPARE_PRESETS = {
  '3dhand': {
    keypointOrder: 'mano',
    side: 'right',
    cropFactor: SQUARE_CROP_FACTOR,
    size: 320,
    sampling: 'corners',
    imageFormat: 'png',
  },
} as const;

/** What `opposable prepare` is told: which datasets go into which split, and what is done to every sample. */
export const prepareConfigSchema = z.preprocess(
  (value) => {
    const preset = (value as { preset?: keyof typeof PREPARE_PRESETS } | null)?.preset;
    return preset !== undefined && Object.hasOwn(PREPARE_PRESETS, preset)
      ? { ...PREPARE_PRESETS[preset], ...(value as object) }
      : value;
  },
  z.strictObject({
    ...shared,
    /** Fills in what is not given. */
    preset: z.enum(Object.keys(PREPARE_PRESETS) as ['3dhand']).optional(),
    keypointOrder: orderName.default('panoptic'),
    /** Hands of the other side are mirrored; 'any' leaves them. */
    side: z.enum(['right', 'left', 'any']).default('right'),
    cropFactor: z.number().positive().default(SQUARE_CROP_FACTOR),
    size: z.int().positive().max(4096).default(320),
    sampling: z.enum(['half-pixel', 'corners']).default('half-pixel'),
    imageFormat: z.enum(['jpeg', 'png']).default('jpeg'),
  }),
);

export type PrepareConfig = z.output<typeof prepareConfigSchema>;
/** As it stands in a file. */
export type PrepareConfigInput = z.input<typeof prepareConfigSchema>;
export type PrepareSource = PrepareConfig['splits'][string][number];
