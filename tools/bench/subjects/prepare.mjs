import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareConfigSchema } from '@opposable/hand-datasets';
import { addMasks, prepareDataset, readImage, validateDataset, writeImage } from '@opposable/hand-datasets/node';
import { streamSyntheticHands } from '@opposable/hand-synthesis';
import { loadOpenHand } from '@opposable/open-hand';
import { digits, row } from '../measure.mjs';

export const title = `From JPEGs of 640 × 480 to a dataset of 320 × 320, ${availableParallelism()} cores`;

const [WIDTH, HEIGHT, HAND] = [640, 480, 320];
const PICTURES = 32;
const COUNT = 512;
const MASKS = 24;

/** Pictures of a hand on a ground with noise, as a COCO file of `COUNT` hands: each picture stands there several times. */
async function writeSource(folder) {
  mkdirSync(join(folder, 'images'), { recursive: true });
  const hands = [...streamSyntheticHands({ model: loadOpenHand('right'), seed: 1, size: HAND, count: PICTURES })];
  for (const [k, { image }] of hands.entries()) {
    const data = new Uint8Array(3 * WIDTH * HEIGHT);
    for (let i = 0; i < data.length; i++) {
      data[i] = 64 + ((i / 3) % WIDTH) / 8 + ((Math.imul(Math.floor(i / 3), 0x9e3779b1) >>> 28) & 15); // a sensor's noise
    }
    for (let y = 0; y < HAND; y++) {
      const row = image.data.subarray(3 * y * HAND, 3 * (y + 1) * HAND);
      data.set(row, 3 * ((y + (HEIGHT - HAND) / 2) * WIDTH + (WIDTH - HAND) / 2));
    }
    await writeImage(join(folder, 'images', `${k}.jpg`), { width: WIDTH, height: HEIGHT, data });
  }
  const place = ({ keypoints }) =>
    Array.from({ length: 21 }, (_, i) => [
      keypoints[2 * i] + (WIDTH - HAND) / 2,
      keypoints[2 * i + 1] + (HEIGHT - HAND) / 2,
      1,
    ]);
  const images = hands.map((_, id) => ({ id, file_name: `${id}.jpg`, width: WIDTH, height: HEIGHT }));
  const annotations = Array.from({ length: COUNT }, (_, id) => ({
    ...{ id, image_id: id % PICTURES, keypoints: place(hands[id % PICTURES]) },
  }));
  writeFileSync(join(folder, 'all.json'), JSON.stringify({ images, annotations }));
  return hands[0].keypointOrder;
}

/** Images a second, and processor time of all threads for each: the first depends on what else the machine does. */
async function pace(count, work) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return [(count * 1000) / (performance.now() - start), (user + system) / 1000 / count];
}

const paceRow = (what, [rate, processor], aim) =>
  row(what, rate, 'images/s', `${digits(processor)} ms of processor time each${aim ? `; aim ${aim} images/s` : ''}`);

export async function measure() {
  const folder = await mkdtemp(join(tmpdir(), 'opposable-bench-'));
  try {
    const keypointOrder = await writeSource(join(folder, 'source'));
    const options = { annotations: 'all.json', images: 'images', keypointOrder, side: 'right' };
    const root = join(folder, 'source');
    const out = join(folder, 'prepared');
    const config = prepareConfigSchema.parse({ out, splits: { train: [{ dataset: 'coco', root, options }] } });
    const decode = async () => {
      for (let k = 0; k < PICTURES; k++) await readImage(join(root, 'images', `${k}.jpg`));
    };
    await decode();
    const decoding = await pace(PICTURES, decode);
    const preparing = await pace(COUNT, () => prepareDataset(config, { chunkSize: 32 }));
    const validating = await pace(COUNT, () => validateDataset(out));
    const masking = {};
    for (const preset of ['3dhand', 'narrow']) {
      masking[preset] = await pace(MASKS, () => addMasks(out, { preset, limit: MASKS, replace: 'made' }));
    }
    return [
      paceRow('prepared, the start of the threads included', preparing, 100),
      paceRow('of that, decoding', decoding),
      paceRow('validated', validating, 300),
      ...Object.entries(masking).map(([preset, rate]) => paceRow(`masks, ${preset}`, rate, 3)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
