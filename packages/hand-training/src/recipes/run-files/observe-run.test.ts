import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareBackend } from '@opposable/training';
import { createRun } from '../../run/hand-run.js';
import { PRETRAIN_WEIGHTS } from '../pretrain-loss.js';
import type { AnyStage } from '../stage.js';
import { observeRun } from './observe-run.js';

const stage: AnyStage = {
  ...{ kind: 'pretrain', seed: 1, iterations: 9, batchSize: 4, learningRate: 1e-3, beta1: 0.9, weightDecay: 0 },
  ...{ gradientClip: undefined, decay: { kind: 'constant', warmUp: 0 }, augmentation: { noise: 1 } },
  ...{ weights: PRETRAIN_WEIGHTS, poseMetric: 'angles' },
};
let out: string;
beforeAll(() => prepareBackend('cpu'));
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'opposable-observe-'));
});
afterEach(() => rm(out, { recursive: true, force: true }));

it.each([
  [0, '{"iteration":2}\n{"iteration":4}\n'],
  [1, '{"iteration":2}\n{"iteration":4}\n{"iteration":6}\n{"iter'],
])('observeRun of rank %i keeps of the errors on held-back samples: %j', async (rank, kept) => {
  const run = createRun({ encoder: 'small', inputSize: 32 }, 1);
  const path = join(out, 'validation-pretrain.jsonl');
  await writeFile(path, '{"iteration":2}\n{"iteration":4}\n{"iteration":6}\n{"iter');
  observeRun(run, { out, stage, keep: {}, replicas: 2, backend: 'cpu', sources: [], resumedFrom: 5, best: null }, rank);
  expect(await readFile(path, 'utf8')).toBe(kept);
  run.dispose();
});
