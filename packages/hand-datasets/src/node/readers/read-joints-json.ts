import { keypointOrder } from '@opposable/keypoint-order';
import { z } from 'zod';
import { dropRecord } from '../../records.js';
import {
  JOINTS_JSON_MEMBERS,
  jointsJsonNumber,
  jointsJsonPicture,
  parseJointsJson,
} from '../../readers/parse-joints-json.js';
import { recordOr } from '../../readers/values.js';
import { defineReader } from './define-reader.js';
import { scanList } from './scan-list.js';
import { unannotatedPictures } from './unannotated-pictures.js';

const OPTIONS = z.object({
  split: z.enum(['train', 'test']).default('train'),
  size: z.int().positive().default(320),
  keypointOrder: z.string().default('panoptic'),
  keypointOrder3d: z.string().default('stereo'),
  root: z.enum(['wrist', 'palm']).default('wrist'),
});

/**
 * The prepared files of a public reproduction of 3dhand (layout in `parseJointsJson`), from the folder with train/ and
 * test/ or from one of them.
 *
 * `split`: 'train' (default) or 'test'. `size` of the pictures, default 320. Joints stand in each source's own order:
 * `keypointOrder` (default 'panoptic') of records without 3D, `keypointOrder3d` (default 'stereo', for STB) of those with
 * it. `root`: 'wrist' (default) replaces the palm centre of 'stereo' by 2 · palm − ring knuckle, 'palm' keeps it. Masks
 * hold 0 and 1; a record whose mask is missing has none. A file whose `img_num` is not the number of its records is
 * reported.
 */
export const readJointsJson = defineReader({
  name: 'joints-json',
  options: OPTIONS,
  maskOf: (mask) => ({ ...mask, data: mask.data.map((value) => (value > 0 ? 255 : 0)) }),
  async *records(root, { split, size, root: first, ...orders }) {
    const file = await root.find([`${split}/joints.json`, 'joints.json'], 'the annotations');
    const folder = file.slice(0, -'joints.json'.length);
    const masks = new Set((await root.has(`${folder}mask`)) ? await root.list(`${folder}mask`) : []);
    const shared = {
      ...{ split, size, file, folder, root: first },
      keypointOrder: keypointOrder(orders.keypointOrder).name,
      keypointOrder3d: keypointOrder(orders.keypointOrder3d).name,
      hasMask: (name: string): boolean => masks.has(name),
    };
    let count = 0;
    const annotated = new Set<number>();
    let promised: unknown;
    const beside = { img_num: (value: unknown) => void (promised = value) };
    for await (const entries of scanList(root, file, 'image', { members: JOINTS_JSON_MEMBERS, beside })) {
      count += entries.length;
      yield entries.map(({ path: [, index], value }) =>
        recordOr(`${file}: image[${index}]`, () => {
          annotated.add(jointsJsonNumber(value));
          return parseJointsJson(value, { ...shared, index });
        }),
      );
    }
    if (promised !== undefined && promised !== count) {
      const found = `expected the number of records, ${count}, got ${JSON.stringify(promised)}`;
      yield dropRecord('wrong counts', `${file}: img_num`, found);
    }
    const isAnnotated = (name: string): boolean => {
      const number = Number.parseInt(name, 10);
      return annotated.has(number) && name === jointsJsonPicture(number);
    };
    yield await unannotatedPictures(root, { folder: `${folder}image`, isAnnotated, where: file });
  },
});
