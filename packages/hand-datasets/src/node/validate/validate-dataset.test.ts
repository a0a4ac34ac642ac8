import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodePng } from '@opposable/drawing';
import { createRng } from '@opposable/tensor-checks';
import { syntheticSample } from '../../test-support/synthetic-sample.js';
import { readImage, readMask } from '../images/read-image.js';
import { writeImage } from '../images/write-image.js';
import { createPreparedDatasetWriter } from '../prepared/create-prepared-dataset-writer.js';
import { samplePicture } from './sample-picture.js';
import { validateDataset } from './validate-dataset.js';

describe('validateDataset', () => {
  let folder: string;
  const rng = createRng('validate');
  const samples = Array.from({ length: 6 }, (_, i) =>
    syntheticSample(rng.split(i), { width: 120, height: 120, id: `sample ${i}` }),
  );
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'validate-'));
    const options = { imageSize: 120, keypointOrder: 'panoptic' };
    const writer = await createPreparedDatasetWriter(join(folder, 'set'), options);
    for (const [i, sample] of samples.entries()) await writer.add(i < 4 ? 'train' : 'test', sample);
    await writer.close();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const image = (i: number) => join(folder, 'set', 'images', 'train', `0000000${i}.jpg`);

  it('finds nothing in a good one, counts what there is, and draws sheets', async () => {
    const calls: number[] = [];
    const sheets = { out: join(folder, 'sheets'), count: 3, rng: createRng('sheets') };
    const found = await validateDataset(join(folder, 'set'), { sheets, onProgress: (done) => calls.push(done) });
    expect(found.problems).toEqual([]);
    expect(found.splits['train']).toEqual({ count: 4, masks: 4, depths: 0, with3d: 4, withMano: 4, faults: {} });
    expect(calls).toEqual([1, 2, 3, 4, 5, 6]);
    expect(found.sheets).toEqual(['train', 'test'].map((split) => join(folder, 'sheets', `${split}.png`)));
    const { width, height } = decodePng(await readFile(found.sheets[0]!));
    expect(Math.min(width, height)).toBeGreaterThan(160);
  });

  it('finds files that are missing, changed, of another size or no image, and annotations that are not plausible', async () => {
    await rm(image(0));
    await writeImage(image(1), { width: 3, height: 5, data: new Uint8Array(45) });
    await writeFile(image(2), 'no image');
    const json = join(folder, 'set', 'test.json');
    const text = await readFile(json, 'utf8');
    const parsed = JSON.parse(text) as { annotations: { keypoints_3d: number[]; bbox: number[] }[] };
    parsed.annotations[0]!.keypoints_3d = parsed.annotations[0]!.keypoints_3d.map((value) => value * 2);
    parsed.annotations[1]!.bbox[0] = 1e4;
    await writeFile(json, JSON.stringify(parsed));
    const { splits, faults, problems } = await validateDataset(join(folder, 'set'));
    expect(splits['train']!.faults).toEqual({ missing: 1, hash: 2, size: 1, image: 1 });
    expect(splits['test']!.faults).toEqual({ annotations: 1, size: 1, box: 1 });
    expect(faults).toBe(6);
    expect(problems.join('\n')).toMatch(/00000001\.jpg has 3 × 5 pixels instead of 120 × 120/);
    expect(problems.join('\n')).toMatch(/sample 4: the hand is \d+ mm long/);
  });

  it('lists every malformed record, checks the others, and goes on with the other splits', async () => {
    const json = (split: string) => join(folder, 'set', `${split}.json`);
    const lines = (await readFile(json('train'), 'utf8')).split('\n');
    const change = (pattern: RegExp, from: string | RegExp, to: string): void => {
      const at = lines.findIndex((line) => pattern.test(line));
      lines[at] = lines[at]!.replace(from, to);
    };
    change(/"file_name":"[^"]*00000000/, /"file_name":"[^"]*"/, '"file_name":"../secret.jpg"');
    change(/"sample_id":"sample 0"/, /"bbox":\[[^,]*/, '"bbox":[NaN');
    change(/"sample_id":"sample 2"/, /"keypoints":\[[^,]*/, '"keypoints":[12abc');
    await writeFile(json('train'), lines.join('\n'));
    await rm(image(3));
    const text = await readFile(json('test'), 'utf8');
    await writeFile(json('test'), text.slice(0, -5));
    const sheets = { out: join(folder, 'sheets'), count: 3, rng: createRng('sheets') };
    const calls: number[] = [];
    const onProgress = (done: number): number => calls.push(done);
    const { splits, faults, problems, problemCount } = await validateDataset(join(folder, 'set'), {
      sheets,
      onProgress,
    });
    expect(splits['train']).toMatchObject({
      count: 4,
      with3d: 2,
      faults: { annotations: 1, malformed: 2, missing: 1 },
    });
    expect(splits['test']).toMatchObject({ count: 2, with3d: 2, faults: { annotations: 2 } });
    expect(faults).toBe(6);
    expect(problemCount).toBe(problems.length);
    expect(problems.map((problem) => problem.replace(folder, ''))).toEqual([
      expect.stringMatching(/expected a path inside the dataset at .*train\.json: images\[0\]\.file_name/),
      expect.stringMatching(
        /train\.json .*at annotations\[0\]\.bbox, expected 4 finite numbers, got NaN or null at place 0/,
      ),
      expect.stringMatching(/train\.json: annotations\[2\] is not JSON \(.+\)\.$/),
      expect.stringMatching(/test\.json is not JSON \(it ends at byte \d+ inside a value\)/),
      expect.stringMatching(/^train\.json is not the file that was written/),
      expect.stringMatching(/00000003\.jpg is not there/),
      expect.stringMatching(/^test\.json is not the file that was written/),
    ]);
    expect(calls.at(-1)).toBe(6);
  });

  it('checks the other splits where the file of one is not there', async () => {
    await rm(join(folder, 'set', 'train.json'));
    const { splits, faults, problems } = await validateDataset(join(folder, 'set'));
    expect(splits).toMatchObject({ train: { count: 0, faults: { annotations: 1 } }, test: { count: 2, faults: {} } });
    expect([faults, problems]).toEqual([
      1,
      [expect.stringMatching(/train\.json cannot be read \(there is no such file\)/)],
    ]);
  });

  it('keeps a hundred sentences, and counts them all', async () => {
    const json = join(folder, 'set', 'train.json');
    const parsed = JSON.parse(await readFile(json, 'utf8')) as { images: object[]; annotations: { id: unknown }[] };
    for (let i = 4; i < 150; i++) {
      parsed.images.push({});
      parsed.annotations.push({ ...parsed.annotations[0]!, id: 'x' });
    }
    await writeFile(json, JSON.stringify(parsed));
    const { splits, problems, problemCount } = await validateDataset(join(folder, 'set'));
    expect(splits['train']!.faults).toEqual({ annotations: 2, malformed: 146 });
    expect([problems.length, problemCount]).toEqual([100, 2 * 146 + 2]);
  });

  it('draws the skeleton on the hand and tints the mask', async () => {
    const sample = { ...samples[0]!, image: await readImage(image(0)), mask: samples[0]!.mask! };
    const picture = samplePicture(sample, 240);
    const tip = [sample.keypoints[16]!, sample.keypoints[17]!].map((value) => Math.round((value + 0.5) * 2 - 0.5));
    const at = (x: number, y: number): number[] => [...picture.data.slice(3 * (y * 240 + x), 3 * (y * 240 + x) + 3)];
    expect(Math.max(...at(tip[0]!, tip[1]!))).toBeGreaterThan(120);
    const stored = await readMask(join(folder, 'set', 'masks', 'train', '00000000.png'));
    expect(stored.data).toEqual(sample.mask.data);
    expect(at(2, 2).every((value) => value < 30)).toBe(true);
  });
});
