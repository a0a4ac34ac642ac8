import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPreparedDatasetWriter, openPreparedDataset } from '@opposable/hand-datasets/node';
import { streamSyntheticHands } from '@opposable/hand-synthesis';
import { loadOpenHand } from '@opposable/open-hand';
import { milliseconds, row } from '../measure.mjs';

export const title = `The prepared dataset, 128 × 128 JPEG with PNG masks, ${availableParallelism()} cores`;
const COUNT = 400;

export async function measure() {
  const hands = [...streamSyntheticHands({ model: loadOpenHand('right'), seed: 1, size: 128, count: COUNT })];
  const folder = await mkdtemp(join(tmpdir(), 'opposable-bench-'));
  const path = join(folder, 'prepared');
  try {
    const write = async () => {
      const options = { imageSize: 128, keypointOrder: 'panoptic', overwrite: true };
      const writer = await createPreparedDatasetWriter(path, options);
      for (const hand of hands) await writer.add('train', hand);
      await writer.close();
    };
    const read = async () => (await openPreparedDataset(path)).loadSplit('train');
    const patience = { warmUp: 1, minimum: 3, seconds: 2 };
    const writing = await milliseconds(write, patience);
    const reading = await milliseconds(read, patience);
    return [
      row('written', (COUNT * 1000) / writing, 'images/s'),
      row('read by loadSplit', (COUNT * 1000) / reading, 'images/s', `${(writing / reading).toFixed(1)} × writing`),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
