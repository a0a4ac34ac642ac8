import { keypointOrder } from '@opposable/keypoint-order';
import { z } from 'zod';
import { cocoRecords } from './coco-records.js';
import { defineReader } from './define-reader.js';

const SIDE = z.enum(['left', 'right']);

const OPTIONS = z.object({
  annotations: z.string().min(1),
  images: z.string().default(''),
  keypointOrder: z.string().default('panoptic'),
  side: SIDE.optional(),
  sideField: z.string().optional(),
  keypoints: z.string().default('keypoints'),
  box: z.string().optional(),
  keypoints3d: z.string().optional(),
  keypoints3dUnit: z.enum(['mm', 'm']).default('mm'),
  camera: z.string().optional(),
  flags: z.enum(['valid', 'coco', 'confidence']).default('valid'),
  confidence: z.number().min(0).max(1).default(0.5),
});

/**
 * Any COCO keypoint file with 21 keypoints a hand, by configuration.
 *
 * `annotations`: the file; `images`: the folder of its images (both relative to the root); `keypointOrder`, default
 * 'panoptic'; `side` of all hands, or `sideField`, the annotation's field that tells it ('left'/'right', 1/0); `keypoints`,
 * `box`, `keypoints3d` (camera frame, `keypoints3dUnit` 'mm' or 'm'), `camera` (`focal` and `princpt`): names of the
 * fields; `flags`: what the keypoints' third number is: 'valid', 'coco' or 'confidence' (labelled from `confidence` on).
 */
export const readCoco = defineReader({
  name: 'coco',
  options: OPTIONS.refine(({ side, sideField }) => (side === undefined) !== (sideField === undefined), {
    error: "expected either side ('left' or 'right') or sideField, the name of the field that tells it",
  }),
  records: (folder, options) =>
    cocoRecords(folder, {
      dataset: 'coco',
      file: options.annotations,
      images: options.images.replace(/\/$/, ''),
      keypointOrder: keypointOrder(options.keypointOrder).name,
      hands: [
        {
          keypoints: options.keypoints,
          side: options.side ?? { field: options.sideField! },
          box: options.box,
          keypoints3d: options.keypoints3d,
          keypoints3dUnit: options.keypoints3dUnit,
        },
      ],
      flags: options.flags,
      confidence: options.confidence,
      camera: options.camera,
    }),
});
