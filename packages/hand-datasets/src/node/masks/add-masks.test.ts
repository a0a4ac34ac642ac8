import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRng } from '@opposable/tensor-checks';
import { overlap, PAINTED_SIZE, paintedHand } from '../../test-support/painted-hand.js';
import { createPreparedDatasetWriter } from '../prepared/create-prepared-dataset-writer.js';
import { openPreparedDataset } from '../prepared/open-prepared-dataset.js';
import { validateDataset } from '../validate/validate-dataset.js';
import { addMasks } from './add-masks.js';

const options = { workers: 0, chunkSize: 2, iterations: 2 } as const;

describe('addMasks', () => {
  let folder: string;
  let path: string;
  const own = Uint8Array.from({ length: PAINTED_SIZE ** 2 }, (_, i) => (i % 7 === 0 ? 255 : 0));

  /** Five hands to train on, of which the second brings a mask and the fourth has no labels to speak of; one to test. */
  const write = async (name: string): Promise<string> => {
    const target = join(folder, name);
    const writer = await createPreparedDatasetWriter(target, { imageSize: PAINTED_SIZE, keypointOrder: 'panoptic' });
    for (let i = 0; i < 5; i++) {
      const hand = paintedHand(`train-${i}`);
      const mask = i === 1 ? { ...hand.mask!, data: own } : undefined;
      const visibility = i === 3 ? new Uint8Array(21).fill(1, 0, 5) : hand.visibility;
      await writer.add('train', { ...hand, mask, visibility });
    }
    await writer.add('test', { ...paintedHand('test-0'), mask: undefined });
    await writer.close();
    return target;
  };
  const contents = async (root: string): Promise<Record<string, string>> => {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const pairs = await Promise.all(
      names.map(async (name) => [name.slice(root.length), (await readFile(name)).toString('base64')]),
    );
    return Object.fromEntries(pairs) as Record<string, string>;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'masks-'));
    path = await write('hands');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('makes what is missing, keeps what the dataset brings, and lists what is not found', async () => {
    const done: number[] = [];
    const { info, splits, problems } = await addMasks(path, { ...options, onProgress: (p) => done.push(p.done) });
    expect(splits).toEqual({
      train: { made: 3, kept: 1, failed: { 'too few keypoints': 1 }, skipped: 0 },
      test: { made: 1, kept: 0, failed: {}, skipped: 0 },
    });
    expect(problems).toEqual(['train: train-3: too few keypoints']);
    expect(done).toEqual([1, 3, 4, 5]);
    expect([info.splits['train']!.masks, info.splits['test']!.masks]).toEqual([4, 1]);
    expect(await readFile(join(path, 'masks/failures.jsonl'), 'utf8')).toBe(
      '{"split":"train","sample_id":"train-3","reason":"too few keypoints"}\n',
    );
    const dataset = await openPreparedDataset(path);
    for (const i of [0, 2, 4]) {
      const { mask } = await dataset.load('train', i);
      expect(overlap(mask!.data, paintedHand(`train-${i}`).mask!.data)).toBeGreaterThan(0.85);
    }
    expect((await dataset.load('train', 1)).mask!.data).toEqual(own);
    expect((await dataset.load('train', 3)).mask).toBeUndefined();
    // the painted skeleton has no plausible bones; hashes, sizes and files are what matters here
    const { splits: checked } = await validateDataset(path);
    for (const { faults } of Object.values(checked)) {
      expect(Object.keys(faults).filter((kind) => /hash|size|missing|image|annotations/.test(kind))).toEqual([]);
    }
    expect((await readdir(path)).sort()).toEqual(['dataset.json', 'images', 'masks', 'test.json', 'train.json']);
    expect(existsSync(`${path}.masking`)).toBe(false);
  }, 30_000); // OpenCV is loaded

  it('leaves every other number of the annotations as it was', async () => {
    const before = JSON.parse(await readFile(join(path, 'train.json'), 'utf8')) as Record<string, object[]>;
    await addMasks(path, options);
    const after = JSON.parse(await readFile(join(path, 'train.json'), 'utf8')) as Record<string, object[]>;
    const bare = ({ images }: Record<string, object[]>) =>
      images!.map((image) => ({ ...image, mask_file_name: undefined, mask_sha256: undefined }));
    expect(after['annotations']).toEqual(before['annotations']);
    expect(after['categories']).toEqual(before['categories']);
    expect(bare(after)).toEqual(bare(before));
  });

  it('goes on where it was stopped, and gives the same files', async () => {
    const other = await write('whole');
    await addMasks(other, options);
    const before = await contents(path);
    const controller = new AbortController();
    const stopped = addMasks(path, { ...options, signal: controller.signal, onProgress: () => controller.abort() });
    await expect(stopped).rejects.toThrow(/abort/);
    expect(await contents(path)).toEqual(before);
    // a kill in the middle of a chunk leaves masks without the chunk's file
    await writeFile(join(`${path}.masking`, 'masks', 'half.png'), 'half');
    const resumed: number[] = [];
    await addMasks(path, { ...options, onProgress: (progress) => resumed.push(progress.resumed) });
    expect(resumed.at(-1)).toBe(1);
    expect(await contents(path)).toEqual(await contents(other));
  });

  it('goes on with a dataset whose masks a kill left in place without cleaning up', async () => {
    const controller = new AbortController();
    const stopping = { ...options, signal: controller.signal, onProgress: () => controller.abort() };
    await addMasks(path, stopping).catch(() => undefined);
    const plan = await readFile(join(`${path}.masking`, 'plan.json'));
    const { info } = await addMasks(path, options);
    const complete = await contents(path);
    await mkdir(`${path}.masking`);
    await writeFile(join(`${path}.masking`, 'plan.json'), plan);
    await rename(join(path, 'train.json'), join(path, 'train.0123456789ab.json'));
    const train = { ...info.splits['train']!, annotations: 'train.0123456789ab.json' };
    const left = { ...info, splits: { ...info.splits, train } };
    await writeFile(join(path, 'dataset.json'), JSON.stringify(left));
    expect((await openPreparedDataset(path)).count('train')).toBe(5);

    const { splits } = await addMasks(path, options);
    expect(splits['train']).toEqual({ made: 0, kept: 4, failed: { 'too few keypoints': 1 }, skipped: 0 });
    const after = await contents(path);
    expect({ ...after, '/dataset.json': '' }).toEqual({ ...complete, '/dataset.json': '' });
    expect((await openPreparedDataset(path)).info.splits).toEqual(info.splits);
  });

  it('replaces masks that it has made, and the dataset’s own only when told', async () => {
    await addMasks(path, options);
    const first = (await openPreparedDataset(path)).imageRecord('train', 0).mask_file_name!;
    const narrow = { ...options, band: 0.05 };
    expect((await addMasks(path, { ...narrow, replace: 'made' })).splits['train']).toMatchObject({ made: 3, kept: 1 });
    const dataset = await openPreparedDataset(path);
    expect(dataset.imageRecord('train', 0).mask_file_name).not.toBe(first);
    expect(existsSync(join(path, first))).toBe(false);
    expect((await dataset.load('train', 1)).mask!.data).toEqual(own);
    expect((await addMasks(path, { ...narrow, replace: 'all' })).splits['train']).toMatchObject({ made: 4, kept: 0 });
    const { mask } = await (await openPreparedDataset(path)).load('train', 1);
    expect(overlap(mask!.data, paintedHand('train-1').mask!.data)).toBeGreaterThan(0.6);
  });

  it('writes and removes nothing where a link leads out of the folder', async () => {
    const outside = join(folder, 'outside');
    await rename(join(path, 'masks'), outside);
    await symlink(outside, join(path, 'masks'));
    const before = await contents(outside);
    await expect(addMasks(path, options)).rejects.toThrow(
      /expected a path inside the dataset, but .*masks is a link to/,
    );
    await rm(join(path, 'masks'));
    // the mask that the dataset brings is one of a folder that is a link
    const [name] = Object.keys(before);
    await symlink(dirname(join(outside, name!)), join(path, 'elsewhere'));
    const text = await readFile(join(path, 'train.json'), 'utf8');
    await writeFile(join(path, 'train.json'), text.replace(/masks\/train\/(\w+\.png)/, 'elsewhere/$1'));
    await addMasks(path, { ...options, replace: 'all' });
    expect(await contents(outside)).toEqual(before);
  });

  it('looks at the first samples only when limited, and draws sheets of what it made', async () => {
    const sheets = { out: join(folder, 'sheets'), count: 4, rng: createRng(1) };
    const { splits, sheets: drawn } = await addMasks(path, { ...options, limit: 1, sheets });
    expect(splits['train']).toEqual({ made: 1, kept: 1, failed: {}, skipped: 3 });
    expect(drawn).toEqual([join(folder, 'sheets', 'train.png'), join(folder, 'sheets', 'test.png')]);
    expect(drawn.every((name) => existsSync(name))).toBe(true);
  });

  it('counts an image that cannot be read as a sample without a mask', async () => {
    const image = (await openPreparedDataset(path)).imageRecord('train', 0).file_name;
    await writeFile(join(path, image), 'no image');
    const { splits } = await addMasks(path, options);
    expect(splits['train']!.failed).toEqual({ 'unusable image': 1, 'too few keypoints': 1 });
  });

  it('names options that are not accepted, and work begun with others', async () => {
    await expect(addMasks(path, { replace: 'some' as 'all' })).rejects.toThrow(
      "addMasks: expected replace as none, made, all, got 'some'.",
    );
    await expect(addMasks(path, { limit: 0 })).rejects.toThrow(/expected limit as a whole number from 1, got 0\./);
    await expect(addMasks(path, { workers: -1 })).rejects.toThrow(/addMasks: expected workers as/);
    const controller = new AbortController();
    await addMasks(path, { ...options, signal: controller.signal, onProgress: () => controller.abort() }).catch(
      () => undefined,
    );
    await expect(addMasks(path, { ...options, band: 0.1 })).rejects.toThrow(
      /hands\.masking was begun with another configuration/,
    );
    await expect(addMasks(path, { ...options, band: 0.1, restart: true })).resolves.toBeDefined();
    await expect(addMasks(join(folder, 'nowhere'))).rejects.toThrow(/there is no folder/);
  });
});
