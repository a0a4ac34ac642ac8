import { z } from 'zod';
import { cocoRecords } from './coco-records.js';
import { defineReader } from './define-reader.js';

const OPTIONS = z.object({
  split: z.enum(['train', 'val']).default('val'),
  annotations: z.string().min(1).optional(),
  images: z.string().optional(),
  confidence: z.number().min(0).max(1).default(0),
});

/**
 * Hands of COCO-WholeBody: both hands of every person where they are annotated.
 *
 * `split`: 'train' or 'val' (default), from coco_wholebody_{split}_v1.0.json (or annotations/…) and {split}2017/;
 * `annotations` and `images` name others. The third number of a keypoint can be a confidence: `confidence` is the least
 * that counts (default: anything above 0). The box is the hand's own.
 */
export const readCocoWholebody = defineReader({
  name: 'coco-wholebody',
  options: OPTIONS,
  async *records(folder, { split, annotations, images, confidence }) {
    const name = `coco_wholebody_${split}_v1.0.json`;
    const file = annotations ?? (await folder.find([name, `annotations/${name}`], 'the annotations'));
    const imageFolder = images ?? (await folder.find([`${split}2017`, `images/${split}2017`, 'images'], 'the images'));
    const hand = (side: 'left' | 'right') => ({
      keypoints: `${side}hand_kpts`,
      side,
      box: `${side}hand_box`,
      valid: `${side}hand_valid`,
    });
    yield* cocoRecords(folder, {
      dataset: 'coco-wholebody',
      file,
      images: imageFolder.replace(/^\.$|\/$/, ''),
      keypointOrder: 'panoptic',
      hands: [hand('left'), hand('right')],
      flags: 'confidence',
      confidence,
    });
  },
});
