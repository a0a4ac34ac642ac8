import { z } from 'zod';
import { ConfigError, createRng } from '@opposable/tensor-checks';
import { type DroppedRecord, dropRecord } from '../../records.js';
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
import { surplusPictures } from './surplus-pictures.js';

const OPTIONS = z.object({
  split: z.enum(['training', 'evaluation']).default('training'),
  versions: z.array(z.enum(FREIHAND_VERSIONS)).min(1).optional(),
  subset: z.enum(['train', 'val', 'test']).optional(),
  protocol: z.enum(['tutorial', 'random']).default('tutorial'),
  seed: z.int().nonnegative().optional(),
});

type Options = z.output<typeof OPTIONS>;

const LISTS = ['K', 'xyz', 'mano', 'scale'] as const;

async function countOf(folder: DatasetFolder, file: string): Promise<number> {
  let count = 0;
  for await (const entries of folder.scanBatches(file, { depth: 1, parse: false })) count += entries.length;
  return count;
}

/**
 * Values of several lists at the same places, some hundred at a time, until the first list ends.
 *
 * @param onEnd told how many values each list has
 */
async function* together(
  folder: DatasetFolder,
  files: readonly string[],
  onEnd: (counts: readonly number[]) => void,
): AsyncGenerator<readonly (readonly unknown[])[], void, undefined> {
  const lists = files.map((file) => folder.scanBatches(file, { depth: 1, parse: 'packed' }));
  const waiting: unknown[][] = lists.map(() => []);
  const restOf = async (i: number): Promise<number> => {
    let count = waiting[i]!.length;
    for await (const entries of lists[i]!) count += entries.length;
    return count;
  };
  let given = 0;
  try {
    for (;;) {
      for (const [i, list] of lists.entries()) {
        if (waiting[i]!.length > 0) continue;
        const { value, done } = await list.next();
        if (done) {
          onEnd(await Promise.all(lists.map(async (_, k) => given + (await restOf(k)))));
          return;
        }
        waiting[i] = value.map(({ value: member }) => member);
      }
      const count = Math.min(...waiting.map(({ length }) => length));
      given += count;
      yield Array.from({ length: count }, (_, k) => waiting.map((values) => values[k]));
      for (const [i, values] of waiting.entries()) waiting[i] = values.slice(count);
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
 * (8 : 1 : 1, needs a `seed`). Masks are those of the pose, the same for all versions. An evaluation part as it was first
 * published, with cameras and scales alone, gives hands without labels, whose box is the whole picture, for
 * prediction; they cannot be measured.
 */
export const readFreihand = defineReader({
  name: 'freihand',
  options: OPTIONS,
  givesUnlabelled: true,
  async *records(folder, options) {
    const { split, subset, protocol } = options;
    if (split === 'evaluation' && (subset !== undefined || options.versions !== undefined)) {
      throw new ConfigError("readers['freihand']: expected subset and versions only with the split 'training'.");
    }
    const lists: Record<string, string> = { K: await folder.find([`${split}_K.json`], 'the cameras') };
    for (const name of LISTS.slice(1)) {
      if (await folder.has(`${split}_${name}.json`)) lists[name] = `${split}_${name}.json`;
    }
    if (split === 'training') await folder.find([`${split}_xyz.json`], 'the 3D keypoints');
    const names = Object.keys(lists);
    const files = Object.values(lists);
    const all = subset !== undefined && protocol === 'tutorial' ? (['gs'] as const) : FREIHAND_VERSIONS;
    const versions = split === 'training' ? (options.versions ?? all) : (['gs'] as const);
    const isCounted = versions.some((version) => version !== 'gs') || (subset !== undefined && protocol === 'random');
    let counts: readonly number[] | undefined = isCounted
      ? await Promise.all(files.map((file) => countOf(folder, file)))
      : undefined;
    function* differing(found: readonly number[]): Generator<DroppedRecord, void, undefined> {
      if (new Set(found).size === 1) return;
      const each = files.map((file, i) => `${file} ${found[i]}`).join(', ');
      yield dropRecord('wrong counts', `${split} lists`, `expected as many records in every list, got ${each}`);
    }
    if (counts !== undefined) yield* differing(counts);
    const count = Math.max(0, ...(counts ?? [])); // the pictures of the other versions are numbered by it
    const subsetOf = subsetsOf(options, count);
    const hasMask = split === 'training' && (await folder.has('training/mask'));
    for (const version of versions) {
      const firstImage = count * FREIHAND_VERSIONS.indexOf(version);
      const recordOf = (values: readonly unknown[], sample: number) => {
        const place = { split, sample, image: firstImage + sample, hasMask };
        const [K, xyz, mano, scale] = LISTS.map((name) => values[names.indexOf(name)]);
        return recordOr(`${split} lists: record ${sample}`, () => parseFreihand({ K, xyz, mano, scale }, place));
      };
      let read = 0;
      let ends: readonly number[] = [];
      for await (const poses of together(folder, files, (found) => (ends = found))) {
        const samples = poses.map((values, k) => [values, read + k] as const);
        read += poses.length;
        const wanted = subset === undefined ? samples : samples.filter(([, sample]) => subsetOf(sample) === subset);
        yield wanted.map(([values, sample]) => recordOf(values, sample));
      }
      if (counts === undefined) yield* differing(ends);
      else if (counts.join() !== ends.join()) {
        const message = `they changed while they were read: ${ends.join(', ')} records after ${counts.join(', ')}`;
        yield dropRecord('wrong counts', `${split} lists`, message);
      }
      counts = ends;
    }
    const annotated = Math.max(0, ...(counts ?? [])) * (split === 'training' ? FREIHAND_VERSIONS.length : 1);
    const pictures = { folder: `${split}/rgb`, names: /^\d{8}\.jpg$/, annotated, where: `${split} lists` };
    yield await surplusPictures(folder, pictures);
  },
});
