import { z } from 'zod';
import { cocoRecords } from './coco-records.js';
import { defineReader } from './define-reader.js';

const OPTIONS = z.object({
  split: z.enum(['train', 'test']).default('train'),
  annotations: z.string().min(1).optional(),
  images: z.string().default(''),
});

/**
 * OneHand10K in its COCO form: annotations/onehand10k_{split}.json, images Train/source and Test/source (the names in the
 * file lead there). Invisible joints are (0, 0, 0) and count as not labelled. The set does not tell sides: all are taken
 * as right hands.
 *
 * Wang et al., Mask-pose Cascaded CNN for 2D Hand Pose Estimation from Single Color Image, TCSVT 2018.
 */
export const readOneHand10k = defineReader({
  name: 'onehand10k',
  options: OPTIONS,
  async *records(folder, { split, annotations, images }) {
    const name = `onehand10k_${split}.json`;
    const file = annotations ?? (await folder.find([`annotations/${name}`, name], 'the annotations'));
    yield* cocoRecords(folder, {
      dataset: 'onehand10k',
      file,
      images: images.replace(/\/$/, ''),
      keypointOrder: 'panoptic',
      hands: [{ keypoints: 'keypoints', side: 'right' }],
    });
  },
});
