import { parsePickle } from '@opposable/array-files';
import { z } from 'zod';
import { datasetError } from '../../dataset-error.js';
import { type DroppedRecord, dropRecord, type HandRecord, isDropped } from '../../records.js';
import { parseRhd, rhdDominantSide, rhdMaskOf, type RhdPlace } from '../../readers/parse-rhd.js';
import { recordsOr } from '../../readers/values.js';
import { concurrentMapOf, DEFAULT_CONCURRENCY } from '../concurrent-map.js';
import type { DatasetFolder } from '../dataset-folder.js';
import { readMask } from '../images/read-image.js';
import { decodeFile } from './decode-file.js';
import { defineReader } from './define-reader.js';
import { surplusPictures } from './surplus-pictures.js';

const OPTIONS = z.object({
  split: z.enum(['training', 'evaluation']).default('training'),
  hands: z.enum(['dominant', 'both', 'left', 'right']).default('dominant'),
});

type Hands = z.output<typeof OPTIONS>['hands'];

/** @throws DatasetError if the pickle is not a dict */
async function samplesOf(folder: DatasetFolder, file: string): Promise<object> {
  const value = await decodeFile(folder, file, (bytes) => parsePickle(bytes));
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null) return value;
  throw datasetError("readers['rhd']", `expected a dict of samples in ${file}, got something else`, { actual: file });
}

const BOTH = ['left', 'right'] as const;
const BATCH = 256;

const whereOf = ({ file, sample }: RhdPlace): string => `${file}: sample ${sample}`;

/** The hands of a sample that are asked for, and why one cannot be used. */
function handsOf(value: unknown, hands: Exclude<Hands, 'dominant'>, place: RhdPlace): (HandRecord | DroppedRecord)[] {
  const sides = hands === 'both' ? BOTH : [hands];
  const found = recordsOr(whereOf(place), sides.length, () => parseRhd(value, sides, place));
  return hands === 'both' ? found.filter((record) => isDropped(record) || record.visibility.includes(2)) : [...found];
}

/** The hand with more pixels in the mask, which is opened. */
async function dominantHand(
  value: unknown,
  place: RhdPlace,
  folder: DatasetFolder,
): Promise<(HandRecord | DroppedRecord)[]> {
  const where = whereOf(place);
  const mask = `${place.folder}/mask/${String(place.sample).padStart(5, '0')}.png`;
  try {
    const side = rhdDominantSide(await readMask(await folder.path(mask, where)));
    if (side === undefined) return [dropRecord('no hand', where, `no pixel of ${mask} is a hand's`)];
    return [...recordsOr(where, 1, () => parseRhd(value, [side], place))];
  } catch (cause) {
    return [dropRecord('unusable mask', where, (cause as Error).message)];
  }
}

/**
 * RHD v1.1 from the folder RHD_published_v2 (or the one around it) with training/ and evaluation/, each with color/, mask/
 * and a pickle of annotations.
 *
 * `split`: 'training' (default) or 'evaluation'. `hands`: 'dominant' (default), the one with more pixels in the mask;
 * 'both', every hand of which a point is seen; 'left' or 'right'. The pickle is held in memory (about 90 MB); 'dominant'
 * opens every mask, also for `records()`.
 */
export const readRhd = defineReader({
  name: 'rhd',
  options: OPTIONS,
  maskOf: (mask, { side }) => rhdMaskOf(mask, side),
  async *records(folder, { split, hands }) {
    const name = `${split}/anno_${split}.pickle`;
    const file = await folder.find([name, `RHD_published_v2/${name}`], 'the annotations');
    const samples = Object.entries(await samplesOf(folder, file));
    const base = file.slice(0, file.lastIndexOf('/'));
    const placeOf = (key: string): RhdPlace => ({ split, sample: Number(key), file, folder: base });
    const isNumber = (key: string): boolean => Number.isInteger(Number(key));
    const badKey = (key: string): DroppedRecord => {
      const where = `${file}: sample ${JSON.stringify(key)}`;
      return dropRecord('bad record', where, 'expected the number of a picture as the key');
    };
    const pictures = { folder: `${base}/color`, names: /^\d{5}\.png$/, annotated: samples.length, where: file };
    yield await surplusPictures(folder, pictures);
    if (hands !== 'dominant') {
      for (let i = 0; i < samples.length; i += BATCH) {
        const some = samples.slice(i, i + BATCH);
        yield some.flatMap(([key, value]) => (isNumber(key) ? handsOf(value, hands, placeOf(key)) : [badKey(key)]));
      }
      return;
    }
    yield* concurrentMapOf(
      samples,
      ([key, value]) => (isNumber(key) ? dominantHand(value, placeOf(key), folder) : Promise.resolve([badKey(key)])),
      DEFAULT_CONCURRENCY,
    );
  },
});
