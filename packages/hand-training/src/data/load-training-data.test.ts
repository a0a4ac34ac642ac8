import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPreparedDataset } from '@opposable/hand-datasets/node';
import { synthesizeDataset } from '@opposable/hand-synthesis/node';
import { ConfigError, DatasetError } from '@opposable/tensor-checks';
import { loadTrainingData, type ReaderSource } from './load-training-data.js';

let folder: string;
let prepared: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opposable-loading-'));
  prepared = join(folder, 'data');
  await synthesizeDataset({ out: prepared, seed: 3, train: 3, test: 2, size: 64, workers: 0 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('loadTrainingData', () => {
  it('loads a split of a prepared dataset, record by record', async () => {
    const arrays = await loadTrainingData({ prepared, split: 'test' }, 32);
    expect([arrays.count, arrays.imageSize, arrays.maskSize]).toEqual([2, 32, 64]);
    expect([...arrays.valid3d, ...arrays.maskValid, ...arrays.handParametersValid]).toEqual([1, 1, 1, 1, 1, 1]);
    // the files themselves say what should have been read
    const file = JSON.parse(await readFile(join(prepared, 'test.json'), 'utf8')) as {
      annotations: { keypoints: number[]; keypoints_3d: number[]; hand_parameters: number[]; camera: number[] }[];
    };
    file.annotations.forEach((annotation, n) => {
      for (let k = 0; k < 21; k++) {
        for (const axis of [0, 1]) {
          const stored = annotation.keypoints[k * 3 + axis]!;
          if (arrays.visibility[n * 21 + k] === 0) continue;
          expect(arrays.keypoints[(n * 21 + k) * 2 + axis]).toBeCloseTo(4 * stored + 1.5, 3);
        }
      }
      expect(arrays.keypoints3d[n * 63]).toBeCloseTo(annotation.keypoints_3d[0]!, 2);
      expect(arrays.handParameters[n * 22 + 21]).toBeCloseTo(annotation.hand_parameters[21]!, 5);
      expect(arrays.focal[n]! / (4 * annotation.camera[0]!)).toBeCloseTo(1, 6);
    });
    const dataset = await openPreparedDataset(prepared);
    expect(arrays.annotations).toHaveLength(dataset.count('test'));
  });

  it('keeps the bytes of images that have the size of the input', async () => {
    const arrays = await loadTrainingData({ prepared, split: 'train' }, 64);
    const dataset = await openPreparedDataset(prepared);
    let n = 0;
    for await (const { image } of dataset.samples('train')) {
      const start = n * 64 * 64 * 3;
      expect(Buffer.compare(arrays.images.subarray(start, start + 64 * 64 * 3), image.data)).toBe(0);
      n++;
    }
    expect(n).toBe(3);
  });

  it('says that a folder is not there', async () => {
    const missing = join(folder, 'missing');
    const failing = loadTrainingData({ prepared: missing, split: 'train' }, 64);
    await expect(failing).rejects.toThrow(DatasetError);
    await expect(failing).rejects.toThrow(`there is no folder ${missing}.`);
  });

  it('says which splits there are', async () => {
    await expect(loadTrainingData({ prepared, split: 'validation' }, 64)).rejects.toThrow(
      "expected one of the splits train, test, got 'validation'.",
    );
  });

  it('says which file is not a prepared dataset', async () => {
    const other = await mkdtemp(join(folder, 'other-'));
    await writeFile(join(other, 'dataset.json'), '{}');
    await expect(loadTrainingData({ prepared: other, split: 'train' }, 64)).rejects.toThrow(/dataset\.json/);
  });

  it('says which readers there are', async () => {
    const source = { reader: 'handy', root: folder, cropFactor: 2.2 } as unknown as ReaderSource;
    const failing = loadTrainingData(source, 64);
    await expect(failing).rejects.toThrow(ConfigError);
    await expect(failing).rejects.toThrow(
      /loadTrainingData: expected reader to be one of .*ge-realworld, .*, got "handy"\./,
    );
  });
});
