import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareConfigSchema } from '@opposable/hand-datasets';
import { FIT_READERS } from '@opposable/hand-training';
import type { z } from 'zod';
import { heatmapSchema } from './heatmap-schema.js';
import { loadConfig } from './load-config.js';
import { synthesizeSchema } from './synthesis-schema.js';
import { pretrainSchema, trainSchema } from './schemas.js';

const CONFIGS = fileURLToPath(new URL('../../configs', import.meta.url));
const WORKSPACE = resolve(CONFIGS, '../../..');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opposable-config-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(text: string): Promise<string> {
  const path = join(folder, 'config.yaml');
  await writeFile(path, text);
  return path;
}

const GOOD = `
model: { encoder: small, inputSize: 64 }
data: { prepared: data }
optimizer: { batchSize: 4, iterations: 2, learningRate: 0.001 }
out: run
`;

describe('loadConfig', () => {
  it('fills in what is left out: seed 1, the weights of 3dhand, β1 0.9', async () => {
    const config = await loadConfig(await write(GOOD), pretrainSchema);
    expect(config).toEqual({
      seed: 1,
      model: { encoder: 'small', inputSize: 64 },
      data: { prepared: 'data', split: 'train' },
      optimizer: { batchSize: 4, iterations: 2, learningRate: 0.001, beta1: 0.9, weightDecay: 0 },
      augmentation: {},
      keep: {},
      out: 'run',
      weights: { scale: 0.1, translation: 0.2, rotation: 5000, pose: 1000, betas: 100000 },
      poseMetric: 'coefficients',
      rotationMetric: 'vectors',
    });
  });

  it('takes the errors of the 22 numbers into the main stage where they are named, and no others', async () => {
    const text = `${GOOD}weights: { keypoints2d: 4, keypoints3d: 0, mask: 0, regularization: 0 }\n`;
    expect(await loadConfig(await write(text), trainSchema)).not.toHaveProperty('parameters');
    const named = await loadConfig(await write(`${text}parameters: { weights: { rotation: 60 } }`), trainSchema);
    expect(named.parameters).toEqual({
      weights: { scale: 0, translation: 0, rotation: 60, pose: 0, betas: 0 },
      poseMetric: 'coefficients',
      rotationMetric: 'vectors',
    });
  });

  // prettier-ignore
  it.each([
    ['an unknown key', GOOD.replace('out: run', 'out: run\nseeds: 3'), 'unknown key seeds (accepted: seed, model, data, optimizer, augmentation, loader, validation, keep, out, weights, poseMetric, rotationMetric)'],
    ['a key that is missing', GOOD.replace('out: run', ''), 'out: expected string, it is missing'],
    ['an unknown key deep inside', GOOD.replace('prepared: data', 'prepared: data, rows: [1]'), 'unknown key data.rows (accepted: prepared, split)'],
    ['an unknown encoder', GOOD.replace('small', 'big'), 'model.encoder: expected one of "small"|"resnet18"|"resnet34"|"resnet50"|"mobilenet"|"mobilenet-half"|"keypoints", got "big"'],
    ['a size that is no multiple of 32', GOOD.replace('64', '100'), 'model.inputSize: Invalid number: must be a multiple of 32, got 100'],
    ['an unknown reader', GOOD.replace('prepared: data', 'reader: handy, root: x'), `data.reader: expected one of ${FIT_READERS.map((name) => `"${name}"`).join('|')}, got "handy"`],
    ['a wrong type', GOOD.replace('iterations: 2', 'iterations: many'), 'optimizer.iterations: expected number, got "many"'],
    ['a number that is not whole', GOOD.replace('batchSize: 4', 'batchSize: 4.5'), 'optimizer.batchSize: expected int, got 4.5'],
    ['a learning rate of 0', GOOD.replace('0.001', '0'), 'optimizer.learningRate: Too small: expected number to be >0, got 0'],
    ['NaN', GOOD.replace('0.001', '.nan'), 'optimizer.learningRate: expected number, got null'],
    ['a negative row', GOOD.replace('prepared: data', 'reader: ge-realworld, root: x, rows: [0, -1]'), 'data.rows.1: Too small: expected number to be >=0, got -1'],
    ['a list where keys are expected', GOOD.replace('{ prepared: data }', '[data]'), 'data: expected the keys (prepared, split) or (reader, readerOptions, root, rows, cropFactor) or (synthetic) or (mix), got ["data"]'],
    ['no model', GOOD.replace(/model.*/, ''), 'model: it is missing'],
    ['an empty file', '', 'the configuration: expected object, got null'],
  ])('refuses %s in one sentence', async (_name, text, problem) => {
    const path = await write(text);
    await expect(loadConfig(path, pretrainSchema)).rejects.toThrow(new Error(`${path}: ${problem}.`));
  });

  // prettier-ignore
  it.each([
    ['one that falls', '[{ from: 10, weight: 1 }, { from: 5, weight: 3 }]', 'maskSchedule: expected iterations (from) that rise, got [{"from":10,"weight":1},{"from":5,"weight":3}]'],
    ['one that stands', '[{ from: 0, weight: 1 }, { from: 0, weight: 3 }]', 'maskSchedule: expected iterations (from) that rise, got [{"from":0,"weight":1},{"from":0,"weight":3}]'],
    ['a weight below 0', '[{ from: 0, weight: -1 }]', 'maskSchedule'],
    ['no weights', '{ onPlateau: [] }', 'maskSchedule.onPlateau: Too small: expected array to have >=1 items, got []'],
  ])('refuses a schedule of the mask: %s', async (_name, schedule, problem) => {
    const weights = 'weights: { keypoints2d: 4, keypoints3d: 0, mask: 1, regularization: 0 }';
    const path = await write(`${GOOD}${weights}\nmaskSchedule: ${schedule}\n`);
    await expect(loadConfig(path, trainSchema)).rejects.toThrow(`${path}: ${problem}`);
    const rising = await write(`${GOOD}${weights}\nmaskSchedule: [{ from: 0, weight: 100 }, { from: 5, weight: 1 }]\n`);
    await expect(loadConfig(rising, trainSchema)).resolves.toMatchObject({ maskSchedule: [{ from: 0 }, { from: 5 }] });
  });

  // prettier-ignore
  it.each([
    ['8', 'maskSize: Too small: expected number to be >=16, got 8'],
    ['1024', 'maskSize: Too big: expected number to be <=512, got 1024'],
    ['64.5', 'maskSize: expected int, got 64.5'],
  ])('takes 64 for the side of the masks, or what is given, and refuses %s', async (side, problem) => {
    const weights = 'weights: { keypoints2d: 4, keypoints3d: 0, mask: 1, regularization: 0 }';
    await expect(loadConfig(await write(`${GOOD}${weights}\n`), trainSchema)).resolves.toMatchObject({ maskSize: 64 });
    const path = await write(`${GOOD}${weights}\nmaskSize: 128\n`);
    await expect(loadConfig(path, trainSchema)).resolves.toMatchObject({ maskSize: 128 });
    await write(`${GOOD}${weights}\nmaskSize: ${side}\n`);
    await expect(loadConfig(path, trainSchema)).rejects.toThrow(new Error(`${path}: ${problem}.`));
  });

  it('refuses what the original does otherwise in the perspective 3D term, where another one is asked for', async () => {
    const weights = 'weights: { keypoints2d: 4, keypoints3d: 1, mask: 1, regularization: 0 }';
    const original = `${GOOD}${weights}\noriginal3d: { focal: 822.79041 }\n`;
    await expect(loadConfig(await write(original), trainSchema)).resolves.toMatchObject({ original3d: { focal: 822.79041 } }); // prettier-ignore
    const path = await write(`${original}keypoints3dVariant: normalized\n`);
    await expect(loadConfig(path, trainSchema)).rejects.toThrow(
      new Error(`${path}: keypoints3dVariant: expected perspective, which original3d changes, got "normalized".`),
    );
  });

  it('names every problem of a file', async () => {
    const path = await write(GOOD.replace('optimizer', 'optimiser'));
    await expect(loadConfig(path, pretrainSchema)).rejects.toThrow(
      /optimizer: expected object, it is missing; unknown key optimiser \(accepted: seed, /,
    );
  });

  it('takes every range of synthetic hands where they are made as they are needed', async () => {
    const hands = (text: string) => GOOD.replace('{ prepared: data }', `{ synthetic: ${text} }`);
    const { data } = await loadConfig(
      await write(hands('{ size: 96, occluder: { probability: 0.5 }, noise: [0, 3] }')),
      pretrainSchema,
    );
    const given = { size: 96, occluder: { probability: 0.5 }, noise: [0, 3] };
    expect(data).toEqual({ synthetic: { preset: 'demo', seed: 1, split: 'train', ...given } });
    const wrong = await write(hands('{ occluder: { probability: 2 } }'));
    await expect(loadConfig(wrong, pretrainSchema)).rejects.toThrow('occluder.probability');
  });

  it('refuses what is not YAML, and says where', async () => {
    const path = await write('model: { encoder: small\n');
    await expect(loadConfig(path, pretrainSchema)).rejects.toThrow(/config\.yaml: not valid YAML: .* at line 2, .*\.$/);
  });

  it('refuses a file that is not there, and a folder', async () => {
    const missing = join(folder, 'missing.yaml');
    await expect(loadConfig(missing, trainSchema)).rejects.toThrow(
      `${missing}: expected a configuration file in YAML that can be read, but there is no such file.`,
    );
    await expect(loadConfig(folder, trainSchema)).rejects.toThrow('but it is a folder.');
  });
});

describe('the shipped configurations', () => {
  it('all load with the schema that their name says', async () => {
    const names = (await readdir(CONFIGS)).sort();
    expect(names).toEqual([
      '3dhand-finetune-author.yaml',
      '3dhand-pretrain.yaml',
      '3dhand-train-normalized-detached.yaml',
      '3dhand-train-normalized.yaml',
      '3dhand-train-perspective.yaml',
      'finetune-author-small.yaml',
      'ge-realworld-six.yaml',
      'heatmap-unet-small.yaml',
      'heatmap-unet.yaml',
      'prepare-3dhand.yaml',
      'prepare-freihand-whole.yaml',
      'prepare-freihand.yaml',
      'pretrain-heatmaps-small.yaml',
      'pretrain-keypoints-small.yaml',
      'pretrain-small.yaml',
      'synthesize-realistic.yaml',
      'synthesize-seed.yaml',
      'train-normalized-detached-small.yaml',
      'train-normalized-small.yaml',
      'train-perspective-small.yaml',
      'train-small.yaml',
    ]);
    const schemaOf = (name: string): z.ZodType => {
      if (name.startsWith('prepare')) return prepareConfigSchema;
      if (name.startsWith('heatmap')) return heatmapSchema;
      if (name.startsWith('synthesize')) return synthesizeSchema;
      return name.includes('pretrain') ? pretrainSchema : trainSchema;
    };
    for (const name of names) await loadConfig(join(CONFIGS, name), schemaOf(name));
  });

  it('of 3dhand hold the published values', async () => {
    const pretrain = await loadConfig(join(CONFIGS, '3dhand-pretrain.yaml'), pretrainSchema);
    expect(pretrain.weights).toEqual({ pose: 1000, betas: 100_000, rotation: 5000, translation: 0.2, scale: 0.1 });
    expect(pretrain.optimizer).toEqual({
      ...{ batchSize: 32, iterations: 180_000, learningRate: 1e-4, beta1: 0.5, weightDecay: 0.01 },
      learningRateStep: { every: 10_000, factor: 0.5 },
    });
    const train = await loadConfig(join(CONFIGS, '3dhand-train-perspective.yaml'), trainSchema);
    expect(train.weights).toEqual({ keypoints2d: 4, keypoints3d: 100_000, mask: 10, regularization: 10 });
    expect(train.betaWeight).toBe(10_000);
    expect(train.keypoints3dVariant).toBe('perspective');
    expect(train.optimizer).toEqual({
      ...{ batchSize: 16, iterations: 100_000, learningRate: 1e-4, beta1: 0.9, weightDecay: 0.01 },
      learningRateStep: { every: 10_000, factor: 0.5 },
    });
    expect(pretrain.augmentation).toEqual({ preset: '3dhand' });
    expect(pretrain.model).toEqual({ encoder: 'resnet34', inputSize: 256, outputScale: '3dhand', initialization: 'kaiming-fan-in' }); // prettier-ignore
    for (const [name, variant] of [
      ['normalized', 'normalized'],
      ['normalized-detached', 'normalized-detached'],
    ] as const) {
      const config = await loadConfig(join(CONFIGS, `3dhand-train-${name}.yaml`), trainSchema);
      expect(config.keypoints3dVariant).toBe(variant);
      expect(config.weights).toEqual({ keypoints2d: 2, keypoints3d: 100, mask: 10, regularization: 10 });
      expect(config.optimizer).toMatchObject({ batchSize: 16, iterations: 150_000, beta1: 0.9, weightDecay: 0.01 });
    }
    const author = await loadConfig(join(CONFIGS, '3dhand-finetune-author.yaml'), trainSchema);
    expect(author.weights).toEqual({ keypoints2d: 4, keypoints3d: 0, mask: 100, regularization: 10 });
    expect(author.optimizer).toMatchObject({ batchSize: 32, iterations: 100_000, beta1: 0.5, weightDecay: 0.01 });
  });

  // prettier-ignore
  it.each(['3dhand-train-perspective', '3dhand-train-normalized', '3dhand-train-normalized-detached', '3dhand-finetune-author'])(
    '%s measures while it trains on the original’s test set, the 846 hands of manual_test',
    async (name) => {
      const { data, validation } = await loadConfig(join(CONFIGS, `${name}.yaml`), trainSchema);
      const prepare = await loadConfig(join(CONFIGS, 'prepare-3dhand.yaml'), prepareConfigSchema);
      const prepared = relative(WORKSPACE, resolve(CONFIGS, prepare.out));
      expect(data).toEqual({ prepared, split: 'train' });
      expect(validation).toEqual({ prepared, split: 'test', count: 846 });
      expect(prepare.splits['test']![0]).toMatchObject({ dataset: 'mpii-nzsl', options: { split: 'test' } });
    },
  );
});

it('the small detached configuration holds the hand as the full one does: the same part of the loss for hands as they are drawn', async () => {
  const [small, full] = await Promise.all(
    ['train-normalized-detached-small', '3dhand-train-normalized-detached'].map((name) => loadConfig(join(CONFIGS, `${name}.yaml`), trainSchema)), // prettier-ignore
  );
  const [unitDeviation, uniform] = [1, 0.03 ** 2 / 3]; // mean(β²) of the open hand's coefficients and of 3dhand's
  const { keypoints2d, keypoints3d, regularization } = small!.weights;
  expect({ keypoints2d, keypoints3d, regularization }).toEqual({
    keypoints2d: 2,
    keypoints3d: 100,
    regularization: 10,
  });
  expect(full!.weights).toMatchObject({ keypoints2d, keypoints3d, regularization });
  expect(small!.betaWeight * unitDeviation).toBeCloseTo(full!.betaWeight * uniform, 6);
});

describe('the configuration of the documented heat maps', () => {
  it('holds what the tutorial really ran', async () => {
    const config = await loadConfig(join(CONFIGS, 'heatmap-unet.yaml'), heatmapSchema);
    expect(config).toMatchObject({
      batchSize: 48,
      batchesPerEpoch: 51,
      validationBatches: 21,
      epochs: 1000,
      heatmaps: { sigma: 3, radius: 25, placement: 'documented', decoding: 'expectation' },
      loss: { iou: 1, mse: 0, adaptiveWing: 0 },
      optimizer: {
        ...{ name: 'sgd', learningRate: 0.1, momentum: 0 },
        decay: { kind: 'plateau', factor: 0.5, patience: 20, threshold: 1e-5 },
      },
      earlyStop: { after: 10, window: 10, patience: 10 },
    });
  });

  it('trains on what the configuration that it names prepares, when both are run in the workspace', async () => {
    const config = await loadConfig(join(CONFIGS, 'heatmap-unet.yaml'), heatmapSchema);
    const prepare = await loadConfig(join(CONFIGS, 'prepare-freihand-whole.yaml'), prepareConfigSchema);
    const prepared = resolve(CONFIGS, prepare.out); // relative to the file; the paths of training to where it is called
    expect(Object.keys(prepare.splits)).toEqual(['train', 'val', 'test']);
    expect(config.data).toMatchObject({ prepared: relative(WORKSPACE, prepared), split: 'train' });
    expect(config.validation).toMatchObject({ prepared: relative(WORKSPACE, prepared), split: 'val' });
  });
});
