import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPreparedDataset } from '@opposable/hand-datasets/node';
import { loadOpenHand } from '@opposable/open-hand';
import { DatasetError } from '@opposable/tensor-checks';
import { streamSyntheticHands } from '../stream-synthetic-hands.js';
import { synthesizeDataset } from './synthesize-dataset.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hand-synthesis-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const base = { seed: 11, train: 5, test: 3, size: 32, workers: 0 } as const;

async function contents(root: string): Promise<Record<string, string>> {
  const files = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const entries = files.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [
      path.slice(root.length),
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ] as const;
  });
  return Object.fromEntries((await Promise.all(entries)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe('synthesizeDataset', () => {
  it('writes a prepared dataset with the samples of the stream, in both splits', async () => {
    const out = join(folder, 'hands');
    const seen: number[] = [];
    const info = await synthesizeDataset({
      ...base,
      out,
      imageFormat: 'png',
      command: 'a test',
      onProgress: ({ done, total }) => seen.push(done, total),
    });
    expect(seen).toEqual([5, 8, 8, 8]);
    if (info === undefined) throw new Error('no dataset');
    expect(info.command).toBe('a test');
    expect(info.metadata).toMatchObject({ seed: 11, preset: 'demo', hand: { side: 'right' }, settings: { size: 32 } });
    const dataset = await openPreparedDataset(out);
    expect(dataset.splits).toEqual(['train', 'test']);
    for (const [split, count] of [
      ['train', 5],
      ['test', 3],
    ] as const) {
      expect(dataset.count(split)).toBe(count);
      const stream = [...streamSyntheticHands({ model: loadOpenHand('right'), seed: 11, split, count, size: 32 })];
      for (const [i, expected] of stream.entries()) {
        const sample = await dataset.load(split, i);
        expect(sample.id).toBe(expected.id);
        expect(sample.image.data).toEqual(expected.image.data);
        expect(sample.mask!.data).toEqual(expected.mask.data);
        expect(sample.visibility).toEqual(expected.visibility);
        for (const field of ['keypoints', 'keypoints3d', 'camera', 'handParameters'] as const) {
          sample[field]!.forEach((value, k) => {
            expect(Math.abs(value - expected[field]![k]!)).toBeLessThan(1e-9 * Math.max(1, Math.abs(value)));
          });
        }
      }
    }
  });

  it('gives the same bytes again', async () => {
    await synthesizeDataset({ ...base, out: join(folder, 'a') });
    await synthesizeDataset({ ...base, out: join(folder, 'b') });
    const first = await contents(join(folder, 'a'));
    expect(await contents(join(folder, 'b'))).toEqual(first);
    expect(Object.keys(first)).toHaveLength(3 + 8 * 2);
  });

  it('replaces a dataset when told to, and never anything else', async () => {
    const out = join(folder, 'hands');
    await synthesizeDataset({ ...base, out });
    await expect(synthesizeDataset({ ...base, out })).rejects.toThrow('set overwrite to replace it');
    await synthesizeDataset({ ...base, out, train: 2, test: 0, overwrite: true });
    expect((await openPreparedDataset(out)).splits).toEqual(['train']);
    const other = join(folder, 'other');
    await synthesizeDataset({ ...base, out: other });
    await rm(join(other, 'dataset.json'));
    await writeFile(join(other, 'notes.txt'), 'mine');
    await expect(synthesizeDataset({ ...base, out: other, overwrite: true })).rejects.toThrow(DatasetError);
    expect(await readFile(join(other, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('goes on where it was stopped, and gives the bytes of an uninterrupted run', async () => {
    const controller = new AbortController();
    const all = { ...base, train: 9, chunkSize: 2 };
    const out = join(folder, 'hands');
    const stopped = synthesizeDataset({
      ...{ ...all, out, signal: controller.signal },
      onProgress: ({ done }) => done >= 4 && controller.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(await readdir(folder)).toEqual(['hands.synthesizing']);
    await expect(synthesizeDataset({ ...all, out, seed: 12 })).rejects.toThrow('was begun with another configuration');
    // a kill in the middle of a chunk leaves images of it and no record
    await writeFile(join(folder, 'hands.synthesizing/images/train/00000005.jpg'), 'half an image');
    const seen: number[] = [];
    await synthesizeDataset({ ...all, out, onProgress: ({ resumed }) => seen.push(resumed) });
    expect(seen.at(-1)).toBe(4);
    await synthesizeDataset({ ...all, out: join(folder, 'whole') });
    expect(await contents(out)).toEqual(await contents(join(folder, 'whole')));
    expect((await readdir(folder)).sort()).toEqual(['hands', 'whole']);
  });

  it('gives the same bytes in two shards, whatever the order, joined', async () => {
    const all = { ...base, train: 7, chunkSize: 2, preset: 'realistic', size: 48 } as const;
    const out = join(folder, 'sharded');
    expect(await synthesizeDataset({ ...all, out, shard: { index: 2, count: 2 } })).toBeUndefined();
    await expect(synthesizeDataset({ ...all, out, merge: true })).rejects.toThrow('run every shard first');
    await synthesizeDataset({ ...all, out, shard: { index: 1, count: 2 } });
    await synthesizeDataset({ ...all, out, merge: true });
    await synthesizeDataset({ ...all, out: join(folder, 'whole') });
    expect(await contents(out)).toEqual(await contents(join(folder, 'whole')));
    const bad = synthesizeDataset({ ...all, out: join(folder, 'x'), shard: { index: 3, count: 2 } });
    await expect(bad).rejects.toThrow('expected a shard from 1/1 to n/n, got 3/2');
  });

  it('refuses options before it writes', async () => {
    const make = (options: object) => synthesizeDataset({ ...base, out: join(folder, 'x'), ...options });
    await expect(make({ train: 1.5 })).rejects.toThrow(
      'synthesizeDataset: expected train as an integer from 0, got 1.5.',
    );
    await expect(make({ train: 0, test: 0 })).rejects.toThrow(
      'expected at least one sample in train or test, got none',
    );
    await expect(make({ size: 7 })).rejects.toThrow('expected size as an integer in 32 … 1024, got 7');
    await expect(make({ workers: 2 })).rejects.toThrow('expected workers as 0 where the package runs from its sources');
    expect(await readdir(folder)).toEqual([]);
  });
});
