import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePng, type RgbImage } from '@opposable/drawing';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { createRng } from '@opposable/tensor-checks';
import { saveCheckpoint } from '@opposable/training/node';
import { mirrorImage } from '../pictures/mirror-image.js';
import { chooseBackend } from '../run/choose-backend.js';
import { allVariables } from '../run/hand-run.js';
import { createHeatmapRun } from './heatmap-run.js';
import { predictHeatmapFiles, type PredictHeatmapFilesOptions } from './predict-heatmap-files.js';

const WIDTH = 90;
let folder: string;
let checkpoint: string;

/** Any picture: the network has random weights. */
function picture(seed: string): RgbImage {
  const rng = createRng(seed);
  return { width: WIDTH, height: 70, data: Uint8Array.from({ length: WIDTH * 70 * 3 }, () => rng.integer(0, 255)) };
}

interface Prediction {
  readonly side: string;
  readonly keypoints_pixels: readonly number[][];
}

/** What is written for each image of a folder. */
async function predict(
  name: string,
  images: Record<string, RgbImage>,
  how: Partial<PredictHeatmapFilesOptions>,
): Promise<Record<string, Prediction>> {
  const [from, out] = [join(folder, name), join(folder, `${name}-predicted`)];
  for (const [file, image] of Object.entries(images)) await writeFileAtomic(join(from, file), encodePng(image));
  const line = (): void => undefined;
  await predictHeatmapFiles([from], { checkpoint, out, minimumConfidence: 0, print: line, warn: line, ...how });
  const written = (await readdir(out)).sort();
  expect(written).toEqual(
    Object.keys(images)
      .flatMap((file) => [file.replace('.png', '.json'), file])
      .sort(),
  );
  const found = Object.keys(images).map(async (file) => {
    const text = await readFile(join(out, file.replace('.png', '.json')), 'utf8');
    return [file, JSON.parse(text) as Prediction] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

beforeAll(async () => {
  await chooseBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'opposable-predict-heatmaps-'));
  checkpoint = join(folder, 'run');
  const normalization = { mean: [0.4, 0.4, 0.4], std: [0.2, 0.2, 0.2] };
  const coding = { sigma: 1, radius: 4, placement: 'exact', decoding: 'local', hidden: 'include' } as const;
  const run = createHeatmapRun({ variant: 'small', inputSize: 32, normalization }, coding, 2);
  await saveCheckpoint(join(checkpoint, 'checkpoint'), { variables: allVariables(run.model), state: run.info });
  run.dispose();
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

it('takes folders, and finds a left hand in its box where it finds the right one in the mirror image', async () => {
  const image = picture('sides');
  const hands = join(folder, 'hands.json');
  const left = { box: [50, 20, 30, 24], side: 'left' };
  await writeFile(hands, JSON.stringify({ 'left.png': left, 'right.png': { box: [10, 20, 30, 24] } }));
  const found = await predict('sides', { 'left.png': mirrorImage(image), 'right.png': image }, { hands });
  expect([found['left.png']!.side, found['right.png']!.side]).toEqual(['left', 'right']);
  found['right.png']!.keypoints_pixels.forEach(([u, v], k) => {
    expect(found['left.png']!.keypoints_pixels[k]![0]).toBeCloseTo(WIDTH - 1 - u!, 6);
    expect(found['left.png']!.keypoints_pixels[k]![1]).toBeCloseTo(v!, 6);
  });
  // the same by flags
  const flags = { side: 'left', box: [50, 20, 30, 24] } as const;
  const flagged = await predict('flags', { 'left.png': mirrorImage(image) }, flags);
  expect(flagged['left.png']).toEqual(found['left.png']);
}, 60_000);

it('smooths the frames of a camera where that is asked for, and not otherwise', async () => {
  const frames = { '1.png': picture('first'), '2.png': picture('second') };
  const raw = await predict('raw', frames, {});
  const smoothed = await predict('smoothed', frames, { smoothAt: 30 });
  expect(smoothed['1.png']).toEqual(raw['1.png']);
  const places = [raw['1.png']!, raw['2.png']!, smoothed['2.png']!].map((each) => each.keypoints_pixels.flat());
  let moved = 0;
  places[2]!.forEach((u, i) => {
    const [before, now] = [places[0]![i]!, places[1]![i]!];
    if (Math.abs(now - before) < 1) return;
    const part = (u - before) / (now - before);
    expect(part).toBeGreaterThan(0);
    expect(part).toBeLessThan(0.99);
    moved++;
  });
  expect(moved).toBeGreaterThan(10);
}, 60_000);
