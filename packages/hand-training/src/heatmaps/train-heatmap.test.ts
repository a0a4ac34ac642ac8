import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { encodePng } from '@opposable/drawing';
import { openPreparedDataset, writeFileAtomic } from '@opposable/hand-datasets/node';
import { synthesizeDataset } from '@opposable/hand-synthesis/node';
import { createRng } from '@opposable/tensor-checks';
import { restoreVariables, storeTensors } from '@opposable/training';
import { saveCheckpoint } from '@opposable/training/node';
import { loadTrainingData } from '../data/load-training-data.js';
import { chooseBackend } from '../run/choose-backend.js';
import { allVariables } from '../run/hand-run.js';
import { channelStatistics } from './channel-statistics.js';
import { exportNetwork } from '../recipes/export/export-network.js';
import { describeHeatmapRun } from './describe-heatmap-run.js';
import { evaluateHeatmaps, predictKeypoints } from './evaluate-heatmaps.js';
import { findHand } from './find-hand.js';
import { heatmapBatch } from './heatmap-batches.js';
import { readHeatmapArray, readPackedHeatmaps } from './heatmap-files.js';
import { epochShape, heatmapEpochs } from './heatmap-epochs.js';
import { isHeatmapRun, loadHeatmapRun } from './heatmap-checkpoint.js';
import { createHeatmapRun } from './heatmap-run.js';
import { loadNegatives } from './negatives.js';
import { predictHeatmapFiles } from './predict-heatmap-files.js';
import { scoreKeypoints } from './score-keypoints.js';
import { trainHeatmap, type TrainHeatmapOptions } from './train-heatmap.js';
import { type HeatmapSettings, NO_AUGMENTATION } from './types.js';
import { withoutHidden } from './without-hidden.js';
import { writeHeatmaps } from './write-heatmaps.js';

const SIZE = 32;
let folder: string;
let data: string;
const lines: string[] = [];
const stream = { write: (text: string) => void lines.push(text) } as never;

const settings: HeatmapSettings = {
  seed: 1,
  coding: { sigma: 1, radius: 4, placement: 'exact', decoding: 'local', hidden: 'include' },
  loss: { iou: 1, mse: 10, adaptiveWing: 0 },
  augmentation: NO_AUGMENTATION,
  optimizer: {
    name: 'adam',
    learningRate: 0.01,
    momentum: 0,
    weightDecay: 0,
    gradientClip: undefined,
    decay: { kind: 'constant' },
  },
  batchSize: 4,
  epochs: 3,
  batchesPerEpoch: 2,
  validationBatches: 1,
  earlyStop: undefined,
  checkpointEvery: 1,
};
const model = {
  variant: 'small' as const,
  inputSize: SIZE,
  normalization: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
};

function options(out: string, changes: Partial<TrainHeatmapOptions> = {}): TrainHeatmapOptions {
  return {
    settings,
    model,
    data: { prepared: data, split: 'train' },
    validation: { prepared: data, split: 'test' },
    out: join(folder, out),
    replicas: 1,
    stream,
    ...changes,
  };
}

/** Between the trained weights of two networks of the same layers. */
function largestDifference(a: LayersModel, b: LayersModel): number {
  const [before, after] = [a, b].map(({ trainableWeights }) =>
    trainableWeights.map((weight) => weight.read().dataSync()),
  );
  let largest = 0;
  expect(after!.map(({ length }) => length)).toEqual(before!.map(({ length }) => length));
  before!.forEach((values, i) =>
    values.forEach((value, j) => {
      const difference = Math.abs(value - after![i]![j]!);
      largest = Math.max(largest, difference); // NaN stays
    }),
  );
  return largest;
}

beforeAll(async () => {
  await chooseBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'opposable-heatmaps-'));
  data = join(folder, 'data');
  await synthesizeDataset({ out: data, seed: 3, train: 8, test: 4, size: SIZE, preset: 'demo', workers: 0 } as never);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('trainHeatmap', () => {
  it('lowers the loss, writes checkpoints, and goes on from one bit for bit', async () => {
    const whole = await trainHeatmap(options('whole', { sampleSheet: 2 }));
    expect(whole.reason).toBe('finished');
    expect(whole.records.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(whole.records[2]!.train).toBeLessThan(whole.records[0]!.train);
    expect(existsSync(join(folder, 'whole/samples.png'))).toBe(true);
    expect(await isHeatmapRun(join(folder, 'whole'))).toBe(true);
    expect(await isHeatmapRun(data)).toBe(false);

    await trainHeatmap(options('halves', { settings: { ...settings, epochs: 2 } }));
    await expect(trainHeatmap(options('halves'))).rejects.toThrow('holds 2 epochs; go on with --resume');
    const resumed = await trainHeatmap(options('halves', { resume: true }));
    expect(resumed.records.map(({ train, validation }) => [train, validation])).toEqual(
      whole.records.map(({ train, validation }) => [train, validation]),
    );
    const [a, b] = await Promise.all(
      ['whole', 'halves'].map((name) => loadHeatmapRun(join(folder, name, 'checkpoints/step-00000003'))),
    );
    expect(await storeTensors(allVariables(b!.model))).toEqual(await storeTensors(allVariables(a!.model)));
    a!.dispose();
    b!.dispose();
    const text = await describeHeatmapRun(join(folder, 'whole'));
    expect(text).toContain('stem');
    expect(text).toMatch(/1198277 parameters that are trained, 2816 running averages; \d epochs/);
  }, 120_000);

  it('looks at as many batches an epoch as it is told, of training and of validation, and at no incomplete one', async () => {
    const [train, validation] = await Promise.all(
      ['train', 'test'].map((split) => loadTrainingData({ prepared: data, split }, SIZE)),
    );
    const run = createHeatmapRun(model, settings.coding, 2);
    const apply = jest.spyOn(run.model, 'apply');
    const seen = async (changes: Partial<HeatmapSettings>): Promise<number[]> => {
      apply.mockClear();
      const how = { ...settings, batchSize: 1, epochs: 2, ...changes };
      await heatmapEpochs(run, { train: train!, validation: validation! }, how);
      const training = apply.mock.calls.map(([, options]) => (options as { training: boolean }).training);
      return [true, false].map((flag) => training.filter((each) => each === flag).length / how.epochs);
    };
    expect(await seen({ batchesPerEpoch: 3, validationBatches: 2 })).toEqual([3, 2]);
    expect(await seen({ batchSize: 3, batchesPerEpoch: undefined, validationBatches: 21 })).toEqual([2, 1]); // of 8 and 4
    run.dispose();
    const documented = { ...settings, batchSize: 48, batchesPerEpoch: 51 };
    expect(epochShape(documented, 26_000)).toEqual({ batchSize: 48, batches: 51 });
    expect(epochShape({ ...documented, batchesPerEpoch: undefined }, 26_000).batches).toBe(541);
  }, 60_000);

  it('ends early when the validation loss does not fall, and halves the rate on a plateau', async () => {
    const still: HeatmapSettings = {
      ...settings,
      epochs: 20,
      loss: { iou: 0, mse: 1e-5, adaptiveWing: 0 }, // to five decimals its mean is 0 from the beginning
      optimizer: {
        ...settings.optimizer,
        name: 'sgd',
        learningRate: 1e-9,
        decay: { kind: 'plateau', factor: 0.5, patience: 1, threshold: 0.5 },
      },
      earlyStop: { after: 2, window: 2, patience: 3 },
    };
    const { reason, records } = await trainHeatmap(options('early', { settings: still }));
    expect(reason).toBe('stopped early');
    expect(records).toHaveLength(6); // the second epoch's mean is the best, and four have not fallen below it
    expect(records[3]!.learningRate).toBeCloseTo(5e-10, 15);
  }, 120_000);

  it('stops at a signal after whole epochs, and keeps tensors flat', async () => {
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const stop = { write: (text: string) => void (/epoch 1/.test(text) && controller.abort()) } as never;
    await expect(
      trainHeatmap(
        options('stopped', { stream: stop, signal: controller.signal, settings: { ...settings, epochs: 50 } }),
      ),
    ).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
    const records = (await readFile(join(folder, 'stopped/epochs.jsonl'), 'utf8')).trim().split('\n');
    expect(records.length).toBeLessThan(4);
  }, 60_000);

  it('goes on with another run’s weights on images of another size', async () => {
    const untrained = { ...settings, epochs: 1, optimizer: { ...settings.optimizer, learningRate: 1e-12 } };
    const half = SIZE / 2;
    const from = join(folder, 'whole');
    await trainHeatmap(options('smaller', { settings: untrained, model: { checkpoint: from, inputSize: half } }));
    const [whole, smaller] = await Promise.all([from, join(folder, 'smaller')].map((run) => loadHeatmapRun(run)));
    expect(smaller!.info.network).toEqual({ ...whole!.info.network, inputSize: half });
    expect(smaller!.model.outputs[0]!.shape).toEqual([null, half / 2, half / 2, 21]);
    expect(largestDifference(whole!.model, smaller!.model)).toBeLessThan(5e-7);
    whole!.dispose();
    smaller!.dispose();
    const odd = { checkpoint: from, inputSize: 24 };
    await expect(trainHeatmap(options('odd', { model: odd }))).rejects.toThrow('positive multiple of 16 for "small"');
    expect(existsSync(join(folder, 'odd'))).toBe(false);
  }, 60_000);

  it('starts from a file with PyTorch’s names, and names one that does not fit', async () => {
    const untrained = { ...settings, epochs: 1, optimizer: { ...settings.optimizer, learningRate: 1e-12 } };
    const pretrained = join(folder, 'whole.safetensors');
    await exportNetwork({ run: join(folder, 'whole'), out: pretrained });
    await trainHeatmap(options('from-file', { settings: untrained, model: { ...model, pretrained } }));
    expect(lines.join('')).toMatch(/whole\.safetensors: \d+ tensors loaded, 0 not used\./);
    const [whole, started] = await Promise.all(['whole', 'from-file'].map((run) => loadHeatmapRun(join(folder, run))));
    expect(started!.info.network).toEqual(whole!.info.network);
    expect(largestDifference(whole!.model, started!.model)).toBeLessThan(5e-7);
    whole!.dispose();
    started!.dispose();
    const documented = { ...model, variant: 'documented' as const, pretrained };
    await expect(trainHeatmap(options('other', { model: documented }))).rejects.toThrow(
      `${pretrained}: loadTorchWeights: expected conv_down1.double_conv.0.weight`,
    );
    expect(existsSync(join(folder, 'other'))).toBe(false);
  }, 60_000);

  it('refuses weights that are all 0, replicas that do not divide the batch, and another network in the folder', async () => {
    const none = { ...settings, loss: { iou: 0, mse: 0, adaptiveWing: 0 } };
    await expect(trainHeatmap(options('no', { settings: none }))).rejects.toThrow('at least one loss weight above 0');
    await expect(trainHeatmap(options('no', { replicas: 3 }))).rejects.toThrow(
      'a number of replicas that divides the 4 samples',
    );
    expect(existsSync(join(folder, 'no'))).toBe(false);
    await expect(
      trainHeatmap(options('whole', { resume: true, model: { ...model, variant: 'documented' } })),
    ).rejects.toThrow('holds another network than the configuration');
  }, 60_000);
});

describe('pictures without a hand', () => {
  it('replace their share of the samples, with maps that are empty and count, from the generator or a folder', async () => {
    const arrays = await loadTrainingData({ prepared: data, split: 'train' }, SIZE);
    const grey = { width: 50, height: 40, data: new Uint8Array(50 * 40 * 3).fill(77) };
    const photographs = join(folder, 'photographs');
    await writeFileAtomic(join(photographs, 'grey.png'), encodePng(grey));
    const negatives = await loadNegatives({ share: 0.4, count: 3, folder: photographs }, SIZE, 1);
    expect(negatives.images.every((value) => value === 77)).toBe(true);
    const indices = Array.from({ length: 400 }, (_, i) => i % 8);
    const how = { mapSize: 16, coding: settings.coding, rng: createRng(5), negatives };
    const batch = heatmapBatch(arrays, indices, how);
    const [images, maps, valid] = await Promise.all([batch.images.data(), batch.maps.data(), batch.valid.data()]);
    let empty = 0;
    for (let b = 0; b < 400; b++) {
      const picture = images.subarray(b * SIZE * SIZE * 3, (b + 1) * SIZE * SIZE * 3);
      const isNegative = picture.every((value) => Math.abs(value - 77 / 255) < 1e-6);
      const own = maps.subarray(b * 256 * 21, (b + 1) * 256 * 21);
      expect(own.every((value) => value === 0)).toBe(isNegative);
      if (isNegative) expect(valid.subarray(b * 21, (b + 1) * 21).every((value) => value === 1)).toBe(true);
      empty += Number(isNegative);
    }
    expect(empty / 400).toBeGreaterThan(0.32);
    expect(empty / 400).toBeLessThan(0.48);
    batch.dispose();
    const synthetic = await loadNegatives({ share: 0.4, count: 2 }, SIZE, 1);
    expect(synthetic.images).toHaveLength(2 * SIZE * SIZE * 3);
    expect((await loadNegatives({ share: 0.4, count: 2 }, SIZE, 1)).images).toEqual(synthetic.images);
    await expect(loadNegatives({ share: 0.4, count: 2, folder: join(folder, 'none') }, SIZE, 1)).rejects.toThrow(
      /^negatives: expected a folder of photographs, .* cannot be read \(ENOENT\)\.$/,
    );
    await expect(loadNegatives({ share: 0.4, count: 2, folder: join(data, 'images') }, SIZE, 1)).rejects.toThrow(
      'found none',
    );
  });
});

describe('a batch of heat maps', () => {
  it('carries raw images and names, and stays the same for the same seed', async () => {
    const arrays = await loadTrainingData({ prepared: data, split: 'train' }, SIZE);
    const augmentation = {
      gain: [0.7, 1.3],
      noise: 3,
      scale: [0.7, 1.5],
      rotation: 40,
      translation: 0.1,
      empty: 0.5,
    } as const;
    const make = () =>
      heatmapBatch(arrays, [2, 5], {
        mapSize: 16,
        coding: settings.coding,
        augmentation,
        rng: createRng(4),
        raw: true,
      });
    const [a, b] = [make(), make()];
    expect(await a.images.data()).toEqual(await b.images.data());
    expect(await a.maps.data()).toEqual(await b.maps.data());
    expect(a.samples!.map(({ name }) => name)).toEqual([2, 5].map((i) => arrays.annotations[i]!.id));
    expect(a.samples![1]!.image.data).toEqual(arrays.images.slice(5 * SIZE * SIZE * 3, 6 * SIZE * SIZE * 3));
    a.dispose();
    b.dispose();
  });

  it('leaves out keypoints that are hidden where that is asked for', async () => {
    const arrays = await loadTrainingData({ prepared: data, split: 'train' }, SIZE);
    const visibility = arrays.annotations[1]!.visibility.slice();
    visibility[3] = 1;
    const annotations = arrays.annotations.map((each, i) => (i === 1 ? { ...each, visibility } : each));
    const seen = withoutHidden({ ...arrays, annotations });
    const missing = Array.from(seen.visibility).flatMap((flag, i) => (flag === arrays.visibility[i] ? [] : [i]));
    const hidden = visibility.filter((flag) => flag === 1).length;
    expect(missing.filter((i) => Math.floor(i / 21) === 1)).toHaveLength(hidden);
    const others = arrays.annotations.flatMap((each, i) => (i === 1 ? [] : [...each.visibility]));
    expect(missing).toHaveLength(hidden + others.filter((flag) => flag === 1).length);
  });
});

/** A network of which every picture gives the maps of one hand: what is tested is all but the network. */
async function overfitted() {
  const arrays = await loadTrainingData({ prepared: data, split: 'train' }, SIZE);
  const run = createHeatmapRun(model, settings.coding, 2);
  await heatmapEpochs(run, { train: arrays }, { ...settings, batchSize: 8, batchesPerEpoch: 1, epochs: 120 });
  return { arrays, run };
}

describe('a trained network', () => {
  it('finds the keypoints that it was trained with, in every step up to the files', async () => {
    const { arrays, run } = await overfitted();
    try {
      const scores = scoreKeypoints(await predictKeypoints(run, arrays), arrays);
      expect(scores.meanOfImage).toBeLessThan(0.06); // of 50 % for places at random
      expect(scores.meanPixels[224]).toBeCloseTo(224 * scores.meanOfImage, 9);
      expect(scores.percentiles[50]).toBeLessThan(scores.percentiles[90]!);
      expect(Object.keys(scores.perJoint)).toHaveLength(21);
      const stored = await storeTensors(allVariables(run.model));
      const saved = await trainHeatmap(options('trained', { settings: { ...settings, epochs: 1 } }));
      expect(saved.reason).toBe('finished');
      for (const name of ['best', 'step-00000001'])
        await saveCheckpoint(join(folder, 'trained/checkpoints', name), {
          variables: allVariables(run.model),
          state: { info: run.info },
        });
      const loaded = await loadHeatmapRun(join(folder, 'trained'));
      restoreVariables(allVariables(loaded.model), stored);
      const picture = { width: SIZE, height: SIZE, data: arrays.images.slice(0, SIZE * SIZE * 3) };
      const hand = await findHand(loaded, picture, { box: [10, 10, 14, 14] });
      expect(hand.keypoints).toHaveLength(42);
      loaded.dispose();

      const { text } = await evaluateHeatmaps({
        checkpoint: join(folder, 'trained'),
        data: { prepared: data, split: 'train' },
        out: join(folder, 'evaluation'),
      });
      expect(text).toContain('mean error, px of 224');
      for (const name of ['scores.json', 'hands.png', 'maps.png'])
        expect(existsSync(join(folder, 'evaluation', name))).toBe(true);

      // a photo twice as large with the hand in its left half
      const dataset = await openPreparedDataset(data);
      const { image } = await dataset.load('train', 0);
      const photo = { width: 2 * SIZE, height: SIZE, data: new Uint8Array(2 * SIZE * SIZE * 3).fill(128) };
      for (let y = 0; y < SIZE; y++)
        photo.data.set(image.data.subarray(y * SIZE * 3, (y + 1) * SIZE * 3), y * 2 * SIZE * 3);
      await writeFileAtomic(join(folder, 'photo.png'), encodePng(photo));
      const printed: string[] = [];
      const how = {
        checkpoint: join(folder, 'trained'),
        out: join(folder, 'predicted'),
        print: (line: string) => void printed.push(line),
        warn: (line: string) => void printed.push(line),
      };
      await predictHeatmapFiles([join(folder, 'photo.png')], { ...how, minimumConfidence: 0.01 });
      await predictHeatmapFiles([join(folder, 'photo.png')], { ...how, side: 'left', minimumConfidence: 1.1 });
      expect(printed[0]).toMatch(/photo\.\{png,json\}, confidence/);
      expect(printed[1]).toMatch(/no hand found, confidence [\d.]+ of at least 1\.1/);
      const json = JSON.parse(await readFile(join(folder, 'predicted/photo.json'), 'utf8')) as { hand: boolean };
      expect(json.hand).toBe(false);
    } finally {
      run.dispose();
    }
  }, 240_000);

  it('puts its maps into the dataset in both formats, which say the same', async () => {
    const checkpoint = join(folder, 'trained');
    const packed = await writeHeatmaps({ dataset: data, checkpoint, format: 'packed' });
    expect(packed).toMatchObject({ format: 'packed', size: 16, splits: { train: 8, test: 4 } });
    const single = await readPackedHeatmaps(join(data, 'heatmaps/train/00000003'));
    await expect(writeHeatmaps({ dataset: data, checkpoint, format: 'array' })).rejects.toThrow(
      'heatmaps is there already; replace it with --overwrite.',
    );
    await writeHeatmaps({ dataset: data, checkpoint, format: 'array', overwrite: true });
    const all = await readHeatmapArray(data, 'train');
    expect(all).toMatchObject({ count: 8, size: 16 });
    expect(single.data).toEqual(all.data.slice(3 * 16 * 16 * 21, 4 * 16 * 16 * 21));
    expect(existsSync(join(data, '.heatmaps'))).toBe(false);
  }, 60_000);
});

describe('channelStatistics', () => {
  it('equals two passes in float64', async () => {
    const { mean, std, count } = await channelStatistics(data, { split: 'test', size: SIZE });
    const arrays = await loadTrainingData({ prepared: data, split: 'test' }, SIZE);
    expect(count).toBe(4);
    for (let c = 0; c < 3; c++) {
      const values = Array.from(arrays.images)
        .filter((_, i) => i % 3 === c)
        .map((byte) => byte / 255);
      const average = values.reduce((sum, value) => sum + value, 0) / values.length;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length);
      expect(mean[c]).toBeCloseTo(average, 9);
      expect(std[c]).toBeCloseTo(deviation, 9);
    }
  });
});
