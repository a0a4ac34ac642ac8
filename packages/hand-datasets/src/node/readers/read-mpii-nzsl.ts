import { z } from 'zod';
import { defineReader } from './define-reader.js';
import { jsonPairs } from './json-pairs.js';

const PARTS = { train: 'manual_train', test: 'manual_test' } as const;

/**
 * MPII and New Zealand Sign Language hands (CMU hand_labels) from the folder with manual_train and manual_test, or from a
 * folder of image and JSON pairs itself. Left hands are not mirrored. `split`: 'train' (1912 hands) or 'test' (846);
 * default both.
 */
export const readMpiiNzsl = defineReader({
  name: 'mpii-nzsl',
  options: z.object({ split: z.enum(['train', 'test']).optional() }),
  async *records(folder, { split }) {
    const top = (await folder.has('hand_labels')) ? 'hand_labels/' : '';
    const wanted = (split ? [PARTS[split]] : Object.values(PARTS)).map((part) => top + part);
    const there = await Promise.all(wanted.map((part) => folder.has(part)));
    const parts = wanted.filter((_, i) => there[i]);
    if (parts.length === 0) {
      if (split !== undefined) await folder.find(wanted, `the split '${split}'`);
      parts.push('.');
    }
    yield* jsonPairs(folder, 'mpii-nzsl', parts);
  },
});
