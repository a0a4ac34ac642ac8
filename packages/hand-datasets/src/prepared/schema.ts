/**
 * The prepared dataset on disk, as zod schemas: `dataset.json` and one COCO keypoint file per split.
 * Keys are those of the files (snake_case, as COCO has them).
 */
import { z } from 'zod';

export const PREPARED_FORMAT = 'opposable-prepared-hands';
export const PREPARED_FORMAT_VERSION = 1;

/** A split's name is also a file and a folder name. */
export const SPLIT_NAME = /^(?!dataset$)[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** What keeps a value from being a list of finite numbers. A bare NaN in a file is read as null. */
function describeNumbers(value: unknown): string {
  if (!Array.isArray(value)) return value === undefined ? 'nothing' : `a ${typeof value}`;
  const place = value.findIndex((number) => !Number.isFinite(number));
  if (place < 0) return `${value.length}`;
  return `${value[place] === null ? 'NaN or null' : JSON.stringify(value[place])} at place ${place}`;
}

/** Finite numbers, checked in one pass: millions of them are read. */
const numbers = (length?: number) =>
  z.custom<number[]>(
    (value) => {
      if (!Array.isArray(value) || (length !== undefined && value.length !== length)) return false;
      for (let i = 0; i < value.length; i++) if (!Number.isFinite(value[i])) return false;
      return true;
    },
    {
      error: ({ input }) =>
        `expected ${length === undefined ? 'a list of' : length} finite numbers, got ${describeNumbers(input)}`,
    },
  );

const size = z.object({ width: z.int().positive(), height: z.int().positive() });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hexadecimal');

const literal = <T extends string | number>(value: T) =>
  z.literal(value, {
    error: ({ input }) =>
      `expected ${JSON.stringify(value)}, got ${input === undefined ? 'nothing' : JSON.stringify(input).slice(0, 40)}`,
  });

export const datasetInfoSchema = z.object({
  format: literal(PREPARED_FORMAT),
  format_version: literal(PREPARED_FORMAT_VERSION),
  keypoint_order: z.string(),
  image_size: size,
  image_format: z.enum(['jpeg', 'png']),
  splits: z.record(
    z.string().regex(SPLIT_NAME, 'expected letters, digits, - and _, and not "dataset"'),
    z.object({
      annotations: z.string(),
      count: z.int().nonnegative(),
      masks: z.int().nonnegative(),
      sha256,
    }),
  ),
  sources: z.record(z.string(), z.int().nonnegative()),
  command: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()),
});

/** What `dataset.json` says of a prepared dataset. */
export type PreparedDatasetInfo = z.infer<typeof datasetInfoSchema>;

export const imageRecordSchema = size.extend({
  id: z.int(),
  file_name: z.string(),
  mask_file_name: z.string().optional(),
  sha256: sha256.optional(),
  mask_sha256: sha256.optional(),
  /** grey PNG of 16 bits: z = depth_offset + value / 10 mm in the camera frame, 0 where nothing is known */
  depth_file_name: z.string().optional(),
  depth_sha256: sha256.optional(),
  depth_offset: z.number().optional(),
});

export type ImageRecord = z.infer<typeof imageRecordSchema>;

export const annotationRecordSchema = z.object({
  id: z.int(),
  image_id: z.int(),
  category_id: z.int(),
  sample_id: z.string(),
  keypoints: numbers(63),
  num_keypoints: z.int(),
  bbox: numbers(4),
  area: z.number(),
  iscrowd: z.literal(0),
  side: z.enum(['left', 'right']),
  is_mirrored: z.boolean(),
  keypoints_3d: numbers(63).optional(),
  keypoints_3d_valid: numbers(21).optional(),
  camera: numbers(9).optional(),
  mano: z
    .object({
      convention: z.string(),
      pose: numbers(),
      betas: numbers(),
      transl: numbers(3).optional(),
      world_to_camera: numbers(12).optional(),
    })
    .optional(),
  hand_parameters: numbers(22).optional(),
  source: z.object({ dataset: z.string(), file: z.string(), index: z.int() }),
  crop: numbers(6).optional(),
  subject: z.string().optional(),
  sequence: z.string().optional(),
});

export type AnnotationRecord = z.infer<typeof annotationRecordSchema>;
