import { z } from 'zod';
import { defineReader } from './define-reader.js';
import { jsonPairs } from './json-pairs.js';

const PARTS = ['synth1', 'synth2', 'synth3', 'synth4'] as const;

/**
 * The synthetic hands of CMU (hand_labels_synth) from the folder with synth1 … synth4, 14,261 files in all; records of
 * synth1 that do not have 21 points are dropped and counted. `parts`: some of the four; default all that are there.
 */
export const readCmuSynth = defineReader({
  name: 'cmu-synth',
  options: z.object({ parts: z.array(z.enum(PARTS)).min(1).optional() }),
  async *records(folder, { parts }) {
    const top = (await folder.has('hand_labels_synth')) ? 'hand_labels_synth/' : '';
    const wanted = (parts ?? PARTS).map((part) => top + part);
    const there = await Promise.all(wanted.map((part) => folder.has(part)));
    const missing = wanted.filter((_, i) => !there[i]);
    if (missing.length === wanted.length || (parts && missing.length > 0)) await folder.find(missing, 'the images');
    yield* jsonPairs(
      folder,
      'cmu-synth',
      wanted.filter((_, i) => there[i]),
    );
  },
});
