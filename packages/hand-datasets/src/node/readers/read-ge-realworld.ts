import { parseMat } from '@opposable/array-files';
import { z } from 'zod';
import type { DroppedRecord, HandRecord } from '../../records.js';
import { buildRecord } from '../../readers/build-record.js';
import { GE_REALWORLD_IMAGE_SIZE, geRealworldRecords } from '../../readers/parse-ge-realworld.js';
import { decodeFile } from './decode-file.js';
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
    const params = await decodeFile(folder, 'params.mat', parseMat);
    const rows = geRealworldRecords(params, await decodeFile(folder, 'pose_gt.mat', parseMat));
    let batch: (HandRecord | DroppedRecord)[] = [];
    for (const row of rows) {
      batch.push('dropped' in row ? row : buildRecord({ ...row.annotation, image: row.imagePath, imageSize: SIZE }));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  },
});
