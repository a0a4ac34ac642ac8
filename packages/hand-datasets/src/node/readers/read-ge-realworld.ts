import { z } from 'zod';
import { GE_REALWORLD_IMAGE_SIZE, parseGeRealworld } from '../../readers/parse-ge-realworld.js';
import { defineReader } from './define-reader.js';

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
    const records = parseGeRealworld(await folder.bytes('params.mat'), await folder.bytes('pose_gt.mat'));
    yield records.map(({ imagePath, annotation }) => ({ ...annotation, image: imagePath, imageSize: SIZE }));
  },
});
