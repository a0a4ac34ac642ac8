import { z } from 'zod';
import type { HandRecord } from '../../records.js';
import { buildRecord } from '../../readers/build-record.js';
import { GE_REALWORLD_IMAGE_SIZE, geRealworldRecords } from '../../readers/parse-ge-realworld.js';
import { defineReader } from './define-reader.js';

const BATCH = 256;
const SIZE = { width: GE_REALWORLD_IMAGE_SIZE, height: GE_REALWORLD_IMAGE_SIZE };

/**
 * The real-world set of Ge et al. from the folder that holds params.mat, pose_gt.mat and images/.
 *
 * Left hands as photographed, 256 × 256 pixels, in file order.
 */
export const readGeRealworld = defineReader({
  name: 'ge-realworld',
  options: z.object({}),
  async *records(folder) {
    const rows = geRealworldRecords(await folder.bytes('params.mat'), await folder.bytes('pose_gt.mat'));
    let batch: HandRecord[] = [];
    for (const { imagePath, annotation } of rows) {
      batch.push(buildRecord({ ...annotation, image: imagePath, imageSize: SIZE }));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  },
});
