import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { synthesizeDataset } from '@opposable/hand-synthesis/node';
import { ShapeError } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import { createRun } from '../../run/hand-run.js';
import { DEMO_SETTINGS } from '../demo-settings.js';
import { PRETRAIN_WEIGHTS } from '../pretrain-loss.js';
import type { AnyStage } from '../stage.js';
import { checkSameNetwork, checkSameStage, type FoundStage, restoreRun } from './find-start.js';
import { identifySources } from './identify-sources.js';

const stage: AnyStage = {
  ...{ kind: 'pretrain', seed: 1, iterations: 9, batchSize: 4, learningRate: 1e-3, beta1: 0.9, weightDecay: 0 },
  ...{ gradientClip: undefined, decay: { kind: 'constant', warmUp: 0 }, augmentation: { noise: 1 } },
  ...{ weights: PRETRAIN_WEIGHTS, poseMetric: 'angles' },
};
const sources = [{ split: 'train', sha256: 'abc', weight: 1 }];
const before = { replicas: 2, backend: 'wasm', sources };
const found = {
  path: 'run/step-3',
  info: {
    network: { encoder: 'resnet18', inputSize: 224, pooling: '3dhand' },
    progress: { stage: JSON.parse(JSON.stringify(stage)) as AnyStage, ...before },
  },
} as unknown as FoundStage;

describe('checkSameStage', () => {
  it('lets a stage go on as it began, and longer', () => {
    expect(() => checkSameStage(found, stage, before)).not.toThrow();
    expect(() => checkSameStage(found, { ...stage, iterations: 20 }, before)).not.toThrow();
  });

  it.each([
    [{ replicas: 1 }, 'pretrain: expected 2 replicas as before run/step-3, got 1.'],
    [{ backend: 'cpu' }, 'pretrain: expected the backend wasm as before run/step-3, got cpu.'],
    [
      { sources: [{ split: 'train', sha256: 'abd', weight: 1 }] },
      'pretrain: expected the data that run/step-3 was trained on, but data.0.sha256 is another.',
    ],
    [
      { sources: [...sources, { synthetic: { seed: 1 }, weight: 2 }] },
      'pretrain: expected the data that run/step-3 was trained on, but data.1 is another.',
    ],
  ])('refuses %j in one sentence', (change, sentence) => {
    expect(() => checkSameStage(found, stage, { ...before, ...change })).toThrow(sentence);
  });

  it('names settings that are another', () => {
    expect(() => checkSameStage(found, { ...stage, batchSize: 8, beta1: 0.5 }, before)).toThrow(
      'pretrain: expected the settings that run/step-3 was trained with, but batchSize, beta1 are another.',
    );
  });
});

it('checkSameStage refuses masks of another side, and takes a checkpoint that names none for one with masks of 64', () => {
  const train: AnyStage = { ...DEMO_SETTINGS.train, kind: 'train', seed: 1 };
  const begun = (stage: AnyStage) =>
    ({ path: 'run/step-3', info: { progress: { stage: JSON.parse(JSON.stringify(stage)) as AnyStage, ...before } } }) as unknown as FoundStage; // prettier-ignore
  const sentence = 'train: expected the settings that run/step-3 was trained with, but maskSize is another.';
  const goOn = (saved: number | undefined, maskSize: number | undefined) => () =>
    checkSameStage(begun({ ...train, maskSize: saved }), { ...train, maskSize }, before);
  expect(goOn(128, 128)).not.toThrow();
  expect(goOn(undefined, 64)).not.toThrow();
  expect(goOn(64, undefined)).not.toThrow();
  expect(goOn(128, 64)).toThrow(sentence);
  expect(goOn(undefined, 128)).toThrow(sentence);
  expect(goOn(128, undefined)).toThrow(sentence);
});

it.each([
  [{ encoder: 'resnet18', inputSize: 224 }, undefined],
  [{ encoder: 'resnet18', inputSize: 224, channels: 3, inputNormalization: 'unit', pooling: undefined }, undefined],
  [{ encoder: 'resnet18', inputSize: 256 }, 'model.inputSize is another'],
  [{ encoder: 'small', inputSize: 224, channels: 24 }, 'model.encoder, model.channels are another'],
  [{ encoder: 'resnet18', inputSize: 224, pooling: 'mean' }, 'model.pooling is another'],
] as const)('checkSameNetwork finds in %j: %s', (asked, problem) => {
  const check = (): void => checkSameNetwork(found, asked);
  if (problem === undefined) expect(check).not.toThrow();
  else expect(check).toThrow(`pretrain: expected the network of run/step-3, but ${problem}.`);
});

it('restoreRun leaves no tensor behind where the weights are of another network', async () => {
  await prepareBackend('cpu');
  const before = tf.memory().numTensors;
  const run = createRun({ encoder: 'small', inputSize: 32 }, 1);
  const other = { ...found, variables: {} };
  expect(() => restoreRun(run, other)).toThrow(ShapeError);
  expect(tf.memory().numTensors).toBe(before);
});

it('identifySources knows a prepared dataset by what is in it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'opposable-sources-'));
  try {
    const at = (name: string): string => join(folder, name);
    const make = (out: string, seed: number) =>
      synthesizeDataset({ out, seed, train: 2, test: 1, size: 32, workers: 0 });
    await make(at('data'), 1);
    await make(at('other'), 2);
    await cp(at('data'), at('moved'), { recursive: true });
    const of = (prepared: string, split = 'train') => identifySources([{ prepared, split }]);
    expect(await of(at('moved'))).toEqual(await of(at('data')));
    expect(await of(at('other'))).not.toEqual(await of(at('data')));
    expect(await of(at('data'), 'test')).not.toEqual(await of(at('data')));
    const mixed = await identifySources([{ synthetic: { seed: 3, preset: undefined }, weight: 2 }]);
    expect(mixed).toEqual([{ synthetic: { seed: 3 }, weight: 2 }]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
