import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng, DatasetError } from '@opposable/tensor-checks';
import { syntheticSample } from '../../test-support/synthetic-sample.js';
import { applyCrop } from '../../transform/apply-crop.js';
import type { HandSample } from '../../types.js';
import { writeImage } from '../images/write-image.js';
import { createPreparedDatasetWriter } from './create-prepared-dataset-writer.js';
import { openPreparedDataset } from './open-prepared-dataset.js';

const rng = createRng('prepared dataset');
const SIZE = 48;
const samples = Array.from({ length: 5 }, (_, i): HandSample => {
  const sample = syntheticSample(rng.split(i), { width: 120, height: 120, id: `sample-${i}` });
  const handParameters = Float64Array.from({ length: 22 }, (_, k) => 1 / (k + 1));
  return applyCrop({ ...sample, handParameters }, { x: 0, y: 0, width: 120, height: 120 }, SIZE);
});
const sampleOf = (i: number): HandSample => samples[i]!;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prepared-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(dir: string, counts: Record<string, number> = { train: 5, test: 2 }, format?: 'jpeg' | 'png') {
  const writer = await createPreparedDatasetWriter(dir, {
    imageSize: SIZE,
    keypointOrder: 'panoptic',
    imageFormat: format,
    command: 'made by a test',
    metadata: { seed: 7 },
  });
  for (const [split, count] of Object.entries(counts)) {
    for (let i = 0; i < count; i++) {
      const sample = sampleOf(i);
      await writer.add(split, i === 1 ? { ...sample, mask: undefined, camera: undefined, mano: undefined } : sample);
    }
  }
  return writer.close();
}

describe('createPreparedDatasetWriter and openPreparedDataset', () => {
  it('give every sample back: pixels exactly as PNG, annotations to float32 precision or better', async () => {
    await write(join(folder, 'set'), { train: 5, test: 2 }, 'png');
    const dataset = await openPreparedDataset(join(folder, 'set'));
    expect(dataset.splits).toEqual(['train', 'test']);
    expect([dataset.count('train'), dataset.count('test')]).toEqual([5, 2]);
    const expected = sampleOf(3);
    const read = await dataset.load('train', 3);
    expect(Buffer.compare(read.image.data, expected.image.data)).toBe(0);
    expect(Buffer.compare(read.mask!.data, expected.mask!.data)).toBe(0);
    for (const field of ['keypoints', 'keypoints3d', 'camera', 'handParameters', 'crop'] as const) {
      const [a, b] = [read[field]!, expected[field]!];
      expect(a).toHaveLength(b.length);
      b.forEach((value, i) => expect(Math.abs(a[i]! - value)).toBeLessThanOrEqual(1e-9 * Math.abs(value)));
    }
    expect(read.mano!.pose[47]).toBeCloseTo(expected.mano!.pose[47]!, 8);
    expect([...read.visibility]).toEqual([...expected.visibility]);
    expect(read.source).toEqual(expected.source);
    const { id, side, isMirrored, keypointOrder, subject, sequence } = read;
    expect({ id, side, isMirrored, keypointOrder, subject, sequence }).toEqual({
      id: 'sample-3',
      side: 'right',
      isMirrored: false,
      keypointOrder: 'panoptic',
      subject: 's1',
      sequence: undefined,
    });
    const bare = await dataset.load('train', 1);
    expect([bare.mask, bare.camera, bare.mano]).toEqual([undefined, undefined, undefined]);
  });

  it('keep JPEG pixels within a few gray levels and record hashes, counts, sources and the command', async () => {
    const info = await write(join(folder, 'set'));
    expect(info).toMatchObject({ command: 'made by a test', metadata: { seed: 7 }, sources: { 'made-up': 7 } });
    expect(info.splits['train']).toMatchObject({ count: 5, masks: 4, annotations: 'train.json' });
    const read = await (await openPreparedDataset(join(folder, 'set'))).load('train', 0);
    const { data } = sampleOf(0).image;
    const difference = data.reduce((sum, value, i) => sum + Math.abs(value - read.image.data[i]!), 0) / data.length;
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(3);
  });

  it('write the same bytes for the same samples', async () => {
    const [a, b] = await Promise.all([write(join(folder, 'a')), write(join(folder, 'b'))]);
    expect(a).toEqual(b);
  });

  it('let the caller reuse its buffers between two calls of add', async () => {
    const writer = await createPreparedDatasetWriter(join(folder, 'set'), {
      imageSize: SIZE,
      keypointOrder: 'panoptic',
      imageFormat: 'png',
    });
    const sample = { ...sampleOf(0), image: { width: SIZE, height: SIZE, data: new Uint8Array(SIZE * SIZE * 3) } };
    for (let i = 0; i < 4; i++) {
      sample.image.data.fill(i);
      await writer.add('train', { ...sample, id: String(i) });
    }
    await writer.close();
    const dataset = await openPreparedDataset(join(folder, 'set'));
    for (let i = 0; i < 4; i++) expect((await dataset.load('train', i)).image.data[0]).toBe(i);
  });

  it('remove what a killed writer has left, and leave alone what another one is writing', async () => {
    const options = { imageSize: SIZE, keypointOrder: 'panoptic' };
    const living = await createPreparedDatasetWriter(join(folder, 'set'), options);
    const [mine] = await readdir(folder);
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const left = mine!.replace(`-${process.pid}-`, `-${dead}-`);
    expect(left).not.toBe(mine);
    await mkdir(join(folder, left, 'images'), { recursive: true });
    await mkdir(join(folder, 'set.partial-elsewhere-1-01234567'));
    const next = await createPreparedDatasetWriter(join(folder, 'set'), options);
    const names = await readdir(folder);
    expect(names).toContain(mine);
    expect(names).toContain('set.partial-elsewhere-1-01234567');
    expect(names).not.toContain(left);
    await living.abort();
    await next.abort();
  });

  it('show nothing under the final name before close, and nothing at all after abort', async () => {
    const writer = await createPreparedDatasetWriter(join(folder, 'set'), {
      imageSize: SIZE,
      keypointOrder: 'panoptic',
    });
    await writer.add('train', sampleOf(0));
    expect(await readdir(folder)).toEqual([expect.stringContaining('set.partial-')]);
    await writer.abort();
    expect(await readdir(folder)).toEqual([]);
    await expect(writer.add('train', sampleOf(1))).rejects.toThrow('add: the dataset is closed.');
  });

  it('replace a dataset only when told to, and other files never', async () => {
    await write(join(folder, 'set'));
    const options = { imageSize: SIZE, keypointOrder: 'panoptic' };
    await expect(createPreparedDatasetWriter(join(folder, 'set'), options)).rejects.toThrow(/set overwrite to replace/);
    const writer = await createPreparedDatasetWriter(join(folder, 'set'), { ...options, overwrite: true });
    await writer.add('only', sampleOf(0));
    await writer.close();
    expect((await openPreparedDataset(join(folder, 'set'))).splits).toEqual(['only']);
    expect(await readdir(folder)).toEqual(['set']);
    await writeFile(join(folder, 'note.txt'), 'mine');
    await expect(createPreparedDatasetWriter(folder, { ...options, overwrite: true })).rejects.toThrow(/holds/);
  });

  it('refuse samples of another size or order, a second id, numbers that are not finite, and a split name that is a path', async () => {
    const writer = await createPreparedDatasetWriter(join(folder, 'set'), { imageSize: 64, keypointOrder: 'mano' });
    const wrongOrder = { ...syntheticSample(rng, { width: 64, height: 64 }) };
    await expect(writer.add('train', wrongOrder)).rejects.toThrow(
      /64 × 64 pixels in 'mano' order, got 64 × 64 in 'panoptic'/,
    );
    const sample = { ...wrongOrder, keypointOrder: 'mano' };
    await expect(writer.add('train', sampleOf(0))).rejects.toThrow(DatasetError);
    const broken = { ...sample, keypoints: sample.keypoints.map((value, i) => (i === 5 ? NaN : value)) };
    await expect(writer.add('train', broken)).rejects.toThrow(
      "add: expected finite numbers in keypoints of sample 'synthetic', got NaN at index 5.",
    );
    await expect(writer.add('../train', sample)).rejects.toThrow(/expected a split named by letters/);
    await writer.add('train', sample);
    await expect(writer.add('train', sample)).rejects.toThrow(/already has a sample 'synthetic'/);
    await writer.abort();
  });

  it('refuse options that are not accepted', async () => {
    const create = (options: object) =>
      createPreparedDatasetWriter(join(folder, 'set'), { imageSize: SIZE, keypointOrder: 'mano', ...options });
    await expect(create({ imageSize: 0 })).rejects.toThrow(/positive whole imageSize, got 0 × 0/);
    await expect(create({ jpegQuality: 101 })).rejects.toThrow(/JPEG quality from 1 to 100, got 101/);
    await expect(create({ concurrency: 0 })).rejects.toThrow(/concurrency of at least 1, got 0/);
    await expect(create({ keypointOrder: 'panoptical' })).rejects.toThrow(/got 'panoptical'/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leave nothing behind when close has nothing to write', async () => {
    const writer = await createPreparedDatasetWriter(join(folder, 'set'), { imageSize: 64, keypointOrder: 'mano' });
    await expect(writer.close()).rejects.toThrow(/no sample was added/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('load a split into a few large arrays, at another size with the annotations moved along', async () => {
    await write(join(folder, 'set'), { train: 5 }, 'png');
    const dataset = await openPreparedDataset(join(folder, 'set'));
    let progress = 0;
    const loaded = await dataset.loadSplit('train', { onProgress: (done) => (progress = done) });
    expect(progress).toBe(5);
    expect(loaded.images).toHaveLength(5 * SIZE * SIZE * 3);
    expect([...loaded.hasMask]).toEqual([1, 0, 1, 1, 1]);
    expect([...loaded.hasCamera]).toEqual([1, 0, 1, 1, 1]);
    const third = await dataset.load('train', 2);
    expect(Buffer.compare(loaded.images.subarray(2 * SIZE * SIZE * 3, 3 * SIZE * SIZE * 3), third.image.data)).toBe(0);
    expect(loaded.keypoints[2 * 42 + 7]).toBe(Math.fround(third.keypoints[7]!));

    const half = await dataset.loadSplit('train', { size: SIZE / 2, indices: [4, 2] });
    expect([...half.indices]).toEqual([4, 2]);
    expect(half.ids).toEqual(['sample-4', 'sample-2']);
    expect(half.keypoints[42 + 7]).toBeCloseTo((third.keypoints[7]! + 0.5) / 2 - 0.5, 5);
    expect(half.cameras[9]).toBeCloseTo(third.camera![0]! / 2, 3);
  });

  it('iterate over a split in order', async () => {
    await write(join(folder, 'set'), { train: 5 });
    const ids: string[] = [];
    for await (const { id } of (await openPreparedDataset(join(folder, 'set'))).samples('train')) ids.push(id);
    expect(ids).toEqual([0, 1, 2, 3, 4].map((i) => `sample-${i}`));
  });
});

/** What the tests change in the two kinds of JSON files. */
interface Json {
  format: string;
  images: { file_name: string }[];
  annotations: { sample_id: string; image_id: number; keypoints: number[] | null }[];
}

describe('openPreparedDataset', () => {
  const edit = async (file: string, change: (json: Json) => unknown): Promise<void> => {
    const path = join(folder, 'set', file);
    const json = JSON.parse(await readFile(path, 'utf8')) as Json;
    change(json);
    await writeFile(path, JSON.stringify(json));
  };
  const opened = () => openPreparedDataset(join(folder, 'set'));

  it('names the folder or file that is missing', async () => {
    await expect(opened()).rejects.toThrow(/there is no folder .*set/);
    await write(join(folder, 'set'));
    await rm(join(folder, 'set', 'test.json'));
    await expect(opened()).rejects.toThrow(/test\.json cannot be read \(there is no such file\)/);
  });

  it('names file, record and key of what is malformed', async () => {
    await write(join(folder, 'set'));
    await edit('train.json', (json) => json.annotations[3]!.keypoints!.pop());
    await expect(opened()).rejects.toThrow(/train\.json .*at annotations\[3\]\.keypoints, expected 63 finite numbers/);
    await edit('train.json', (json) => (json.annotations[3]!.keypoints = null));
    await expect(opened()).rejects.toThrow(DatasetError);
    await writeFile(join(folder, 'set', 'train.json'), '{"images":[');
    await expect(opened()).rejects.toThrow(/train\.json is not JSON/);
    await edit('dataset.json', (json) => (json.format = 'something else'));
    await expect(opened()).rejects.toThrow(/dataset\.json .*at format/);
  });

  it('counts records against dataset.json, matches images with annotations and refuses a second id', async () => {
    await write(join(folder, 'set'));
    await edit('train.json', (json) => (json.annotations[4]!.sample_id = 'sample-0'));
    await expect(opened()).rejects.toThrow(/annotations\[4\]\.sample_id 'sample-0' is there a second time/);
    await edit('train.json', (json) => (json.annotations[4]!.image_id = 99));
    await expect(opened()).rejects.toThrow(/annotations\[4\]\.image_id is 99, the image at its place is 4/);
    await edit('train.json', (json) => json.annotations.pop());
    await expect(opened()).rejects.toThrow(/expected 5 images and annotations .* got 5 and 4/);
  });

  it.each(['../secret.jpg', '/etc/passwd', 'images/../../secret.jpg', 'C:\\secret.jpg', '.'])(
    'refuses the image path %s',
    async (path) => {
      await write(join(folder, 'set'));
      await edit('train.json', (json) => (json.images[2]!.file_name = path));
      await expect(opened()).rejects.toThrow(/expected a path inside the dataset at .*images\[2\]\.file_name/);
    },
  );

  it('refuses an image that is a link out of the folder', async () => {
    await write(join(folder, 'set'));
    const inside = join(folder, 'set', 'images', 'train', '00000000.jpg');
    await rm(inside);
    await writeFile(join(folder, 'outside.jpg'), 'secret');
    await symlink(join(folder, 'outside.jpg'), inside);
    await expect((await opened()).load('train', 0)).rejects.toThrow(/expected a path inside the dataset/);
  });

  it.each(['dataset.json', 'train.json'])('refuses a %s that is a link out of the folder', async (name) => {
    await write(join(folder, 'set'));
    await rename(join(folder, 'set', name), join(folder, name));
    await symlink(join(folder, name), join(folder, 'set', name));
    await expect(opened()).rejects.toThrow(
      new RegExp(`expected a path inside the dataset, but .*${name} is a link to`),
    );
  });

  it('reports a corrupt, missing or wrongly sized image with its file', async () => {
    await write(join(folder, 'set'));
    const image = (i: number) => join(folder, 'set', 'images', 'train', `0000000${i}.jpg`);
    const bytes = await readFile(image(0));
    await writeFile(image(0), bytes.subarray(0, bytes.length / 2));
    await rm(image(1));
    await writeImage(image(2), { width: 2, height: 3, data: new Uint8Array(18) });
    const dataset = await opened();
    await expect(dataset.load('train', 0)).rejects.toThrow(/00000000\.jpg cannot be read as an image/);
    await expect(dataset.load('train', 1)).rejects.toThrow(/00000001\.jpg cannot be read \(there is no such file\)/);
    await expect(dataset.load('train', 2)).rejects.toThrow(/00000002\.jpg to be 48 × 48 pixels, got 2 × 3/);
    await expect(dataset.loadSplit('train')).rejects.toThrow(/0000000[01]\.jpg/);
  });

  it('refuses a split or an index that is not there', async () => {
    await write(join(folder, 'set'));
    const dataset = await opened();
    expect(() => dataset.count('val')).toThrow(/expected one of the splits train, test, got 'val'/);
    expect(() => dataset.annotation('train', 5)).toThrow(/from 0 to 4, got 5/);
  });
});
