import { z } from 'zod';
import { ConfigError, createRng } from '@opposable/tensor-checks';
import { dropRecord } from '../../records.js';
import {
  FREIHAND_VERSIONS,
  freihandRandomSubsets,
  type FreihandSubset,
  freihandTutorialSubset,
  parseFreihand,
} from '../../readers/parse-freihand.js';
import { recordOr } from '../../readers/values.js';
import type { DatasetFolder } from '../dataset-folder.js';
import { defineReader } from './define-reader.js';

const OPTIONS = z.object({
  split: z.enum(['training', 'evaluation']).default('training'),
  versions: z.array(z.enum(FREIHAND_VERSIONS)).min(1).optional(),
  subset: z.enum(['train', 'val', 'test']).optional(),
  protocol: z.enum(['tutorial', 'random']).default('tutorial'),
  seed: z.int().nonnegative().optional(),
});

type Options = z.output<typeof OPTIONS>;

async function countOf(folder: DatasetFolder, file: string): Promise<number> {
  let count = 0;
  for await (const _ of folder.scan(file, { depth: 1, parse: false })) count++;
  return count;
}

/** Values of several lists at the same place, until the first ends. */
async function* together(folder: DatasetFolder, files: readonly string[]): AsyncGenerator<unknown[], void, undefined> {
  const lists = files.map((file) => folder.scan(file, { depth: 1 }));
  try {
    for (;;) {
      const next = await Promise.all(lists.map((list) => list.next()));
      if (next.some(({ done }) => done)) return;
      yield next.map((result) => (result.value as { value: unknown }).value);
    }
  } finally {
    for (const list of lists) await list.return();
  }
}

function subsetsOf({ subset, protocol, seed }: Options, count: number): (sample: number) => FreihandSubset | undefined {
  if (subset === undefined) return () => undefined;
  if (protocol === 'tutorial') return freihandTutorialSubset;
  if (seed === undefined) {
    throw new ConfigError("readers['freihand']: expected a seed with the protocol 'random', got none.", {
      expected: 'an integer',
    });
  }
  const subsets = freihandRandomSubsets(count, createRng(seed));
  return (sample) => subsets[sample];
}

/**
 * FreiHAND v1 and v2 from the folder with training/, evaluation/ and the JSON lists.
 *
 * `split`: 'training' (default) or 'evaluation'. `versions` of training: 'gs', 'hom', 'sample', 'auto', one image each
 * per pose; default all that the folder's images can be (only 'gs' with the protocol 'tutorial' and a subset). `subset`
 * of training by pose: 'train', 'val', 'test' of `protocol` 'tutorial' (26,000 / 5,000 / 1,560) or 'random'
 * (8 : 1 : 1, needs a `seed`). Masks are those of the pose, the same for all versions.
 */
export const readFreihand = defineReader({
  name: 'freihand',
  options: OPTIONS,
  async *records(folder, options) {
    const { split, subset, protocol } = options;
    if (split === 'evaluation' && (subset !== undefined || options.versions !== undefined)) {
      throw new ConfigError("readers['freihand']: expected subset and versions only with the split 'training'.");
    }
    const lists: Record<string, string> = { K: await folder.find([`${split}_K.json`], 'the cameras') };
    for (const name of ['xyz', 'mano']) {
      if (await folder.has(`${split}_${name}.json`)) lists[name] = `${split}_${name}.json`;
    }
    if (split === 'training') await folder.find([`${split}_xyz.json`], 'the 3D keypoints');
    const names = Object.keys(lists);
    const files = Object.values(lists);
    const counts = await Promise.all(files.map((file) => countOf(folder, file)));
    if (new Set(counts).size > 1) {
      const found = files.map((file, i) => `${file} ${counts[i]}`).join(', ');
      yield dropRecord('wrong counts', `${split} lists`, `expected as many records in every list, got ${found}`);
    }
    const count = Math.max(...counts); // pictures are numbered by it
    const usable = Math.min(...counts);
    const subsetOf = subsetsOf(options, count);
    const hasMask = split === 'training' && (await folder.has('training/mask'));
    const all = subset !== undefined && protocol === 'tutorial' ? (['gs'] as const) : FREIHAND_VERSIONS;
    const versions = split === 'training' ? (options.versions ?? all) : (['gs'] as const);
    for (const version of versions) {
      let sample = -1;
      for await (const values of together(folder, files)) {
        sample++;
        if (subset !== undefined && subsetOf(sample) !== subset) continue;
        const place = { split, sample, image: sample + count * FREIHAND_VERSIONS.indexOf(version), hasMask };
        const value = Object.fromEntries(names.map((name, i) => [name, values[i]])) as { K: unknown };
        yield recordOr(`${split} lists: record ${sample}`, () => parseFreihand(value, place));
      }
      if (sample + 1 !== usable) {
        yield dropRecord(
          'wrong counts',
          `${split} lists`,
          `they changed while they were read, at record ${sample + 1}`,
        );
      }
    }
  },
});
