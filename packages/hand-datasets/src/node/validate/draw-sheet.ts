import { join } from 'node:path';
import { contactSheet, encodePng } from '@opposable/drawing';
import type { Rng } from '@opposable/tensor-checks';
import { writeFileAtomic } from '../images/write-image.js';
import type { PreparedDataset } from '../prepared/open-prepared-dataset.js';
import { samplePicture } from './sample-picture.js';

const PICTURE_SIZE = 160;

/** Where contact sheets go, how many samples are on one, and what chooses them. */
export interface SheetOptions {
  readonly out: string;
  readonly count: number;
  readonly rng: Rng;
}

/**
 * Draws random samples of a split with skeleton and mask.
 *
 * @param indices samples to choose from; default all
 * @returns path of the sheet, undefined if no sample can be loaded
 */
export async function drawSheet(
  dataset: PreparedDataset,
  split: string,
  { out, count, rng }: SheetOptions,
  indices?: readonly number[],
): Promise<string | undefined> {
  const total = indices?.length ?? dataset.count(split);
  const chosen = [...rng.split(split).permutation(total).slice(0, count)].map((i) => indices?.[i] ?? i);
  const samples = await Promise.all(chosen.map((i) => dataset.load(split, i).catch(() => undefined)));
  const there = samples.filter((sample) => sample !== undefined);
  if (there.length === 0) return undefined;
  const sheet = contactSheet(
    there.map((sample) => samplePicture(sample, PICTURE_SIZE)),
    {
      labels: there.map(({ id }) => id.replace(/[^ -~]/g, '?')),
      title: `${split}: ${there.length} of ${total}`,
    },
  );
  const path = join(out, `${split}.png`);
  await writeFileAtomic(path, encodePng(sheet));
  return path;
}
