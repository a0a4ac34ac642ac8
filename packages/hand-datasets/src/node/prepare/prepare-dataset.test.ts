import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@opposable/tensor-checks';
import { checkSampleConformance } from '../../conformance/check-sample-conformance.js';
import { type PrepareConfig, prepareConfigSchema } from '../../prepare/prepare-config.js';
import { DEXYCB_FIXTURE } from '../../test-support/native/dexycb-fixture.js';
import { JSON_FIXTURES } from '../../test-support/native/json-fixtures.js';
import { openPreparedDataset } from '../prepared/open-prepared-dataset.js';
import { planDataset } from './plan-dataset.js';
import { prepareDataset, type PrepareProgress } from './prepare-dataset.js';

describe('prepareDataset', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prepare-'));
    for (const name of ['freihand', 'mpii-nzsl', 'panoptic']) {
      await JSON_FIXTURES.find((fixture) => fixture.name === name)!.write(join(folder, name), createRng(name));
    }
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const configOf = (out: string): PrepareConfig =>
    prepareConfigSchema.parse({
      out: join(folder, out),
      size: 48,
      keypointOrder: '3dhand',
      splits: {
        train: [
          { dataset: 'freihand', root: join(folder, 'freihand') },
          { dataset: 'mpii-nzsl', root: join(folder, 'mpii-nzsl'), options: { split: 'train' } },
        ],
        test: [{ dataset: 'panoptic', root: join(folder, 'panoptic'), limit: 2 }],
      },
    });
  /** Every file of a dataset with its bytes; what only names the place or the command is left out. */
  const contents = async (out: string): Promise<Record<string, string>> => {
    const names = (await readdir(join(folder, out), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const pairs = await Promise.all(
      names.map(async (name) => [name.slice(join(folder, out).length), (await readFile(name)).toString('base64')]),
    );
    return Object.fromEntries(pairs.filter(([name]) => name !== '/dataset.json')) as Record<string, string>;
  };
  const options = { workers: 0, chunkSize: 3 };

  it('writes one dataset of several, in one order, all right hands, every annotation moved along', async () => {
    const { info, summary, chunks } = await prepareDataset(configOf('all'), { ...options, command: 'a test' });
    expect(info!.keypoint_order).toBe('mano');
    expect(info!.sources).toEqual({ freihand: 12, 'mpii-nzsl': 2, panoptic: 2 });
    expect([info!.splits['train']!.count, info!.splits['train']!.masks, info!.splits['test']!.count]).toEqual([
      14, 12, 2,
    ]);
    expect(summary!.splits['train']![1]).toEqual({
      dataset: 'mpii-nzsl',
      root: join(folder, 'mpii-nzsl'),
      prepared: 2,
      dropped: {},
    });
    expect(chunks).toEqual({ prepared: 6, resumed: 0 });
    expect(existsSync(join(folder, 'all.preparing'))).toBe(false);
    const dataset = await openPreparedDataset(join(folder, 'all'));
    for (const split of dataset.splits) {
      for await (const sample of dataset.samples(split)) {
        expect([sample.id, checkSampleConformance(sample).problems]).toEqual([sample.id, []]);
        expect([sample.side, sample.keypointOrder, sample.image.width]).toEqual(['right', 'mano', 48]);
        expect(sample.isMirrored).toBe(sample.source.dataset === 'mpii-nzsl');
      }
    }
  });

  it('goes on where it was stopped, and gives the same files', async () => {
    await prepareDataset(configOf('whole'), options);
    const controller = new AbortController();
    const stopped = prepareDataset(configOf('parts'), {
      ...options,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done >= 6) controller.abort(new Error('enough'));
      },
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(existsSync(join(folder, 'parts'))).toBe(false);
    // a kill in the middle of a chunk leaves images without the chunk's file, and half-written files
    const finished = await readdir(join(folder, 'parts.preparing', 'chunks'));
    await rm(join(folder, 'parts.preparing', 'chunks', finished[0]!));
    await writeFile(join(folder, 'parts.preparing', 'images', 'train', '0-00000000.jpg'), 'half');
    const { chunks } = await prepareDataset(configOf('parts'), options);
    expect(chunks.resumed).toBe(finished.length - 1);
    expect(chunks.prepared + chunks.resumed).toBe(6);
    expect(await contents('parts')).toEqual(await contents('whole'));
  });

  it('gives the same files from shards, whose merging waits for all of them', async () => {
    await prepareDataset(configOf('whole'), options);
    const progress: PrepareProgress[] = [];
    const first = await prepareDataset(configOf('shards'), {
      ...options,
      shard: { index: 1, count: 2 },
      onProgress: (now) => progress.push(now),
    });
    expect(progress.map(({ done, total }) => [done, total])).toEqual([3, 6, 8].map((done) => [done, 8]));
    expect([first.info, first.chunks]).toEqual([undefined, { prepared: 3, resumed: 0 }]);
    await expect(prepareDataset(configOf('shards'), { ...options, merge: true })).rejects.toThrow(
      /chunk train-0-000001 is not finished .* run every shard first/,
    );
    await prepareDataset(configOf('shards'), { ...options, shard: { index: 2, count: 2 } });
    await prepareDataset(configOf('shards'), { ...options, merge: true });
    expect(await contents('shards')).toEqual(await contents('whole'));
  });

  it('counts what it leaves out, by source and reason, or stops there', async () => {
    await rm(join(folder, 'mpii-nzsl', 'manual_train', '000015774_01_l.jpg'));
    await writeFile(join(folder, 'freihand', 'training', 'rgb', '00000004.jpg'), 'no image');
    const broken = join(folder, 'panoptic', 'hands_v143_14817.json');
    await writeFile(broken, (await readFile(broken, 'utf8')).replace('"joint_self":[[', '"joint_self":[[null],['));
    const { summary } = await prepareDataset(configOf('all'), options);
    expect(summary!.splits['train']!.map(({ prepared, dropped }) => [prepared, dropped])).toEqual([
      [11, { 'unusable image': 1 }],
      [1, { 'missing image': 1 }],
    ]);
    expect(summary!.splits['test']![0]!.dropped).toEqual({ 'wrong counts': 1 });
    expect(summary!.problems.map(({ message }) => message).join('\n')).toMatch(
      /00000004\.jpg cannot be read as an image/,
    );
    // annotations are read before any image is opened
    const strict = () => prepareDataset(configOf('strict'), { ...options, strict: true });
    await expect(strict()).rejects.toThrow(/hands_v143_14817\.json: root\[0\]: expected 63 numbers in joint_self/);
    await writeFile(broken, (await readFile(broken, 'utf8')).replace('[[null],[', '[['));
    await expect(strict()).rejects.toThrow(/00000004\.jpg cannot be read as an image/);
    await expect(prepareDataset(configOf('all'), { ...options, overwrite: true })).resolves.toMatchObject({
      chunks: { resumed: 0 },
    });
  });

  it('goes on with the other sources where the annotations of one are missing, foreign or cut off', async () => {
    const panoptic = join(folder, 'panoptic', 'hands_v143_14817.json');
    const whole = await readFile(panoptic, 'utf8');
    await rm(join(folder, 'freihand', 'training_xyz.json'));
    await writeFile(panoptic, whole.slice(0, whole.indexOf('"img_paths":"imgs/00000002')));
    const all = configOf('all');
    const config = { ...all, splits: { ...all.splits, test: [{ ...all.splits['test']![0]!, limit: undefined }] } };
    const summaries = [(await planDataset(config)).summary, (await prepareDataset(config, options)).summary!];
    for (const { splits, problems } of summaries) {
      expect(splits['train']!.map(({ prepared, dropped }) => [prepared, dropped])).toEqual([
        [0, { 'unreadable annotation': 1 }],
        [2, {}],
      ]);
      expect(splits['test']![0]).toMatchObject({ prepared: 2, dropped: { 'unreadable annotation': 1 } });
      expect(problems.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^freihand in .*: expected the 3D keypoints as training_xyz\.json/),
        expect.stringMatching(
          /^panoptic in .*hands_v143_14817\.json is not JSON \(it ends at byte \d+ inside a value\)\.$/,
        ),
      ]);
    }
    await writeFile(panoptic, '{"people":[]}');
    const { summary } = await prepareDataset(config, { ...options, overwrite: true });
    expect(summary!.splits['test']![0]).toMatchObject({ prepared: 0, dropped: { 'unreadable annotation': 1 } });
    for (const strictly of [planDataset, prepareDataset]) {
      const strict = strictly(config, { ...options, strict: true, overwrite: true });
      await expect(strict).rejects.toThrow(/expected the 3D keypoints as training_xyz\.json/);
    }
  });

  it('leaves no picture of a hand that a source before has given', async () => {
    const test = ['train', undefined].map((split) => {
      return { dataset: 'mpii-nzsl', root: join(folder, 'mpii-nzsl'), options: { split } };
    });
    const config = prepareConfigSchema.parse({ out: join(folder, 'x'), size: 32, splits: { test } });
    const { images, summary: planned } = await planDataset(config);
    const { summary } = await prepareDataset(config, options);
    for (const { splits } of [planned, summary!]) {
      expect(splits['test']!.map(({ prepared, dropped }) => [prepared, dropped])).toEqual([
        [2, {}],
        [1, { 'duplicate id': 2 }],
      ]);
    }
    expect(await readdir(join(folder, 'x', 'images', 'test'))).toHaveLength(images);
  });

  it('counts a hand whose mask is damaged in its label file', async () => {
    await DEXYCB_FIXTURE.write(join(folder, 'dexycb'), createRng('dexycb'));
    const name = join(folder, 'dexycb/20200813-subject-02/20200813_145612/836212060125/labels_000001.npz');
    const bytes = await readFile(name);
    bytes.fill(0xa5, bytes.indexOf('seg.npy') + 60, bytes.indexOf('seg.npy') + 80);
    await writeFile(name, bytes);
    const train = [{ dataset: 'dexycb', root: join(folder, 'dexycb'), options: DEXYCB_FIXTURE.options }];
    const config = prepareConfigSchema.parse({ out: join(folder, 'x'), size: 32, splits: { train } });
    const { summary } = await prepareDataset(config, options);
    expect(summary!.splits['train']![0]).toMatchObject({
      prepared: 3,
      dropped: { 'no hand': 4, 'unusable image': 1 },
    });
    expect(summary!.problems.at(-1)!.message).toContain('labels_000001.npz');
  });

  it('ends with the reasons and leaves nothing if no record can be used', async () => {
    const config = prepareConfigSchema.parse({
      out: join(folder, 'none'),
      splits: {
        train: [{ dataset: 'freihand', root: join(folder, 'freihand') }],
        test: [{ dataset: 'panoptic', root: join(folder, 'panoptic') }],
      },
    });
    const pictures = (await readdir(join(folder, 'freihand', 'training', 'rgb'))).length;
    for (const name of await readdir(join(folder, 'freihand', 'training', 'rgb')))
      await writeFile(join(folder, 'freihand', 'training', 'rgb', name), 'no image');
    await rm(join(folder, 'panoptic', 'imgs'), { recursive: true });
    const found = `freihand in .*freihand: ${pictures} unusable image; panoptic in .*panoptic: 3 missing image`;
    const message = new RegExp(`^prepareDataset: .* found none \\(${found}\\); the first: .*00000000\\.jpg.*[^.]\\.$`);
    await expect(prepareDataset(config, options)).rejects.toThrow(message);
    await prepareDataset(config, { ...options, shard: { index: 1, count: 1 } });
    await expect(prepareDataset(config, { ...options, merge: true })).rejects.toThrow(message);
    expect((await readdir(folder)).filter((name) => name.startsWith('none'))).toEqual([]);
  });

  it('leaves nothing of a strict call that stops before a chunk is done', async () => {
    await writeFile(join(folder, 'freihand', 'training', 'rgb', '00000000.jpg'), 'no image');
    await expect(prepareDataset(configOf('strict'), { ...options, strict: true })).rejects.toThrow(/00000000\.jpg/);
    expect((await readdir(folder)).filter((name) => name.startsWith('strict'))).toEqual([]);
  });

  it('reads annotations once: a call that goes on does without them', async () => {
    await prepareDataset(configOf('whole'), options);
    const controller = new AbortController();
    const stopped = { ...options, signal: controller.signal, onProgress: () => controller.abort() };
    await expect(prepareDataset(configOf('x'), stopped)).rejects.toThrow(/abort/);
    await rm(join(folder, 'freihand', 'training_xyz.json'));
    await rm(join(folder, 'panoptic', 'hands_v143_14817.json'));
    const { chunks } = await prepareDataset(configOf('x'), options);
    expect(chunks.resumed).toBeGreaterThan(0);
    expect(await contents('x')).toEqual(await contents('whole'));
    expect(existsSync(join(folder, 'x.preparing'))).toBe(false);
  });

  it('stops strictly at an annotation that an earlier call has left out', async () => {
    const broken = join(folder, 'panoptic', 'hands_v143_14817.json');
    await writeFile(broken, (await readFile(broken, 'utf8')).replace('"joint_self":[[', '"joint_self":[[null],['));
    const controller = new AbortController();
    const stopped = { ...options, signal: controller.signal, onProgress: () => controller.abort() };
    await expect(prepareDataset(configOf('x'), stopped)).rejects.toThrow(/abort/);
    await expect(prepareDataset(configOf('x'), { ...options, strict: true })).rejects.toThrow(/root\[0\]/);
  });

  it('is not held up by another configuration of which nothing was done', async () => {
    const config = configOf('x');
    const absent = {
      ...config,
      splits: { ...config.splits, train: [{ ...config.splits['train']![0]!, root: join(folder, 'nowhere') }] },
    };
    await expect(prepareDataset(absent, options)).rejects.toThrow(/there is no folder .*nowhere/);
    await expect(prepareDataset(config, options)).resolves.toMatchObject({ chunks: { prepared: 6, resumed: 0 } });
  });

  it('says beforehand what it would do', async () => {
    await rm(join(folder, 'mpii-nzsl', 'manual_train', '000015774_01_l.jpg'));
    const plan = await planDataset(configOf('all'));
    expect(plan.images).toBe(15);
    expect(plan.summary.splits['train']![1]).toMatchObject({ prepared: 1, dropped: { 'missing image': 1 } });
    expect(existsSync(join(folder, 'all.preparing'))).toBe(false);
    expect((await planDataset(configOf('all'), { limit: 1 })).images).toBe(2);
  });

  it('refuses to mix two configurations, unknown datasets, and shards out of range', async () => {
    await prepareDataset(configOf('x'), { ...options, shard: { index: 1, count: 2 } });
    const other = { ...configOf('x'), size: 32 };
    await expect(prepareDataset(other, options)).rejects.toThrow(/x\.preparing was begun with another configuration/);
    await expect(prepareDataset(other, { ...options, restart: true })).resolves.toMatchObject({
      chunks: { resumed: 0 },
    });
    await expect(prepareDataset(configOf('x'), options)).rejects.toThrow(/holds a prepared dataset; set overwrite/);
    const unknown = prepareConfigSchema.parse({ out: 'x', splits: { train: [{ dataset: 'handy', root: '.' }] } });
    await expect(prepareDataset(unknown, options)).rejects.toThrow(
      /^splits\.train\[0\]\.dataset: expected a dataset of cmu-synth, .*got 'handy'/,
    );
    await expect(prepareDataset(configOf('y'), { shard: { index: 3, count: 2 } })).rejects.toThrow(/got 3\/2/);
  });
});

describe('prepareConfigSchema', () => {
  const message = (value: unknown): string => prepareConfigSchema.safeParse(value).error?.issues[0]?.message ?? 'none';
  const splits = { train: [{ dataset: 'stb', root: '.' }] };

  it('fills in a preset, which single keys override', () => {
    const config = prepareConfigSchema.parse({ out: 'x', preset: '3dhand', size: 256, splits });
    expect(config).toMatchObject({ keypointOrder: 'mano', sampling: 'corners', size: 256, imageFormat: 'png' });
  });

  it('names what is wrong', () => {
    expect(message({ out: 'x', splits: {} })).toMatch(/at least one split/);
    expect(message({ out: 'x', splits: { train: [] } })).toMatch(/at least one dataset/);
    expect(message({ out: 'x', splits, keypointOrder: 'handy' })).toMatch(/handy/);
    expect(message({ out: 'x', splits, preset: 'no' })).toMatch(/3dhand/);
    expect(message({ out: 'x', splits, sizes: 3 })).toMatch(/sizes/);
  });
});
