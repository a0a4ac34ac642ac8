import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeDataset } from '@opposable/hand-synthesis/node';
import { prepareBackend } from '@opposable/training';
import type { TrainingArrays } from '../data/training-arrays.js';
import { DEMO_SETTINGS } from './demo-settings.js';
import { loadStageData, type StageDataConfig } from './load-stage-data.js';
import type { TrainSettings } from './stage.js';
import { stageBatches } from './stage-data.js';

const TRAIN: TrainSettings = { ...DEMO_SETTINGS.train, kind: 'train', seed: 1, batchSize: 2, augmentation: {} };
const INPUT = { imageSize: 32, heatmaps: false };

let folder: string;
let prepared: string;
beforeAll(async () => {
  await prepareBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'opposable-stage-data-'));
  prepared = join(folder, 'data');
  await synthesizeDataset({ out: prepared, seed: 3, train: 3, test: 0, size: 64, workers: 0 });
});
afterAll(() => rm(folder, { recursive: true }));

/** Shape of the first batch's masks, and the share of them that is hand. */
async function firstMasks(config: Omit<StageDataConfig, 'sources'>, stage: TrainSettings) {
  const loaded = await loadStageData({ ...config, sources: [{ prepared, split: 'train' }] }, stage, INPUT);
  for await (const batch of stageBatches(loaded.data, stage, { rank: 0, members: 1 })(0)) {
    const values = await batch.masks.data<'float32'>();
    const shape = [...batch.masks.shape];
    batch.dispose();
    return { ...loaded, shape, covered: values.reduce((sum, value) => sum + value, 0) / values.length };
  }
  throw new Error('no batch');
}

describe.each([
  ['in memory', {}],
  ['through the loader', { loader: { threads: 0 } }],
])('loadStageData %s', (_name, config) => {
  it('gives masks of the side that the stage says, of the same hands', async () => {
    const usual = await firstMasks(config, TRAIN);
    const larger = await firstMasks(config, { ...TRAIN, maskSize: 128 });
    expect([usual.shape, larger.shape]).toEqual([
      [2, 64, 64],
      [2, 128, 128],
    ]);
    expect(usual.covered).toBeGreaterThan(0.02);
    expect(Math.abs(larger.covered - usual.covered)).toBeLessThan(0.005);
    const sides = ({ shown, evaluated }: { shown: TrainingArrays; evaluated: TrainingArrays }) => [shown.maskSize, evaluated.maskSize]; // prettier-ignore
    expect([sides(usual), sides(larger)]).toEqual([
      [64, 64],
      [128, 128],
    ]);
  });
});

it('loadStageData refuses a side of masks before anything is read', async () => {
  const sources = [{ prepared: join(folder, 'not there'), split: 'train' }];
  await expect(loadStageData({ sources }, { ...TRAIN, maskSize: 5 }, INPUT)).rejects.toThrow(
    'train: expected maskSize to be a whole number from 16 to 512, got 5.',
  );
});
