import { z } from 'zod';
import { PANOPTIC_MEMBERS, panopticPicture, parsePanoptic } from '../../readers/parse-panoptic.js';
import { recordOr } from '../../readers/values.js';
import { defineReader } from './define-reader.js';
import { scanList } from './scan-list.js';
import { unannotatedPictures } from './unannotated-pictures.js';

const FILES = ['hands_v143_14817.json', 'hand143_panopticdb/hands_v143_14817.json'];

/** CMU Panoptic hand143 from the folder hand143_panopticdb (hands_v143_14817.json and imgs/) or the one around it. */
export const readPanoptic = defineReader({
  name: 'panoptic',
  options: z.object({}),
  async *records(folder) {
    const file = await folder.find(FILES, 'the annotations');
    const prefix = file.includes('/') ? 'hand143_panopticdb/' : '';
    const annotated = new Set<string>();
    for await (const entries of scanList(folder, file, 'root', { members: PANOPTIC_MEMBERS })) {
      yield entries.map(({ path: [, index], value }) =>
        recordOr(`${file}: root[${index}]`, () => {
          annotated.add(panopticPicture(value));
          const record = parsePanoptic(value, index, file);
          return prefix === '' ? record : { ...record, image: prefix + record.image };
        }),
      );
    }
    const pictures = { folder: `${prefix}imgs`, isAnnotated: (name: string) => annotated.has(name), where: file };
    yield await unannotatedPictures(folder, pictures);
  },
});
