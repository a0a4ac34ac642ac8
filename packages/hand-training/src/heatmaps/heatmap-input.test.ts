import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { writeNpy } from '@opposable/array-files';
import { encodePng } from '@opposable/drawing';
import { openPreparedDataset } from '@opposable/hand-datasets/node';
import { writeHeatmap } from '@opposable/hand-regressor';
import { synthesizeDataset } from '@opposable/hand-synthesis/node';
import { permutation } from '@opposable/keypoint-order';
import { AUGMENTATION_PRESETS } from '../data/augmentation/settings.js';
import { batchOf, type HandBatch } from '../data/batches.js';
import { loadTrainingData } from '../data/load-training-data.js';
import { loadBatches } from '../data/loader/load-batches.js';
import type { LoaderData } from '../data/loader/types.js';
import { type ConfiguredStageOptions, runConfiguredStage } from '../recipes/configured.js';
import { evaluateRuns } from '../recipes/evaluate-runs/evaluate-runs.js';
import { predictFiles } from '../recipes/predict-files.js';
import { chooseBackend } from '../run/choose-backend.js';
import { createRun } from '../run/hand-run.js';
import { frameToCell } from './heatmap-frame.js';
import { packHeatmaps } from './packed-heatmaps.js';
import { trainHeatmap } from './train-heatmap.js';

const SIDE = 64;
const MAP = 32;
const COUNTS = { train: 6, test: 3 };
let folder: string;
/** The same hands with maps as one array, as pictures, and without. */
let prepared: Record<'array' | 'packed' | 'none', string>;

/** Blobs at the true keypoints of a sample, by the formula: bytes in 'mano' order. */
function trueMaps(keypoints: ArrayLike<number>, order: ArrayLike<number>): Uint8Array {
  const maps = new Float32Array(MAP * MAP * 21);
  const encoding = { size: MAP, sigma: 1.5, radius: 6, placement: 'exact' } as const;
  for (let k = 0; k < 21; k++) {
    const [u, v] = [0, 1].map((axis) => frameToCell(keypoints[order[k]! * 2 + axis]!, MAP, 'exact')) as [
      number,
      number,
    ];
    writeHeatmap(maps, [u, v], encoding, { offset: k, stride: 21 });
  }
  return Uint8Array.from(maps, (value) => Math.round(255 * value));
}

async function addMaps(root: string, format: 'array' | 'packed'): Promise<void> {
  const order = permutation('panoptic', 'mano');
  const dataset = await openPreparedDataset(root);
  for (const [split, count] of Object.entries(COUNTS)) {
    const { keypoints } = await loadTrainingData({ prepared: root, split }, SIDE);
    const rows = Array.from({ length: count }, (_, i) => trueMaps(keypoints.subarray(42 * i, 42 * (i + 1)), order));
    await mkdir(join(root, 'heatmaps', split), { recursive: true });
    if (format === 'array') {
      const data = new Uint8Array(rows.flatMap((row) => Array.from(row)));
      await writeFile(join(root, 'heatmaps', `${split}.npy`), writeNpy({ data, shape: [count, MAP, MAP, 21] }));
      continue;
    }
    for (const [i, data] of rows.entries()) {
      const name = dataset
        .imageRecord(split, i)
        .file_name.replace(/^images\//, '')
        .replace(/\.\w+$/, '');
      for (const [p, picture] of packHeatmaps({ size: MAP, data }).entries())
        await writeFile(join(root, 'heatmaps', `${name}_${p}.png`), encodePng(picture));
    }
  }
  const manifest = { format, size: MAP, keypoint_order: 'mano', checkpoint: 'none', splits: COUNTS };
  await writeFile(join(root, 'heatmaps', 'heatmaps.json'), JSON.stringify(manifest));
}

beforeAll(async () => {
  await chooseBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'opposable-heatmap-input-'));
  prepared = { array: join(folder, 'array'), packed: join(folder, 'packed'), none: join(folder, 'none') };
  for (const out of Object.values(prepared))
    await synthesizeDataset({ out, seed: 3, ...COUNTS, size: SIDE, preset: 'demo', workers: 0 });
  await addMaps(prepared.array, 'array');
  await addMaps(prepared.packed, 'packed');
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Largest distance, in pixels of the network's input, of the maps' peaks to the keypoints that lie well inside. */
async function distanceOfPeaks({ images, keypoints, visibility }: HandBatch): Promise<{ worst: number; seen: number }> {
  const [batch, side, , channels] = (images as tf.Tensor4D).shape;
  const [input, places, known] = await Promise.all([images.data(), keypoints.data(), visibility.data()]);
  const order = permutation('panoptic', 'mano');
  let [worst, seen] = [0, 0];
  for (let b = 0; b < batch; b++) {
    for (let k = 0; k < 21; k++) {
      const [u, v] = [0, 1].map((axis) => ((places[(b * 21 + order[k]!) * 2 + axis]! + 0.5) * side) / 256 - 0.5);
      if (known[b * 21 + order[k]!] === 0 || Math.min(u!, v!) < 4 || Math.max(u!, v!) > side - 5) continue;
      let [peak, x, y] = [0, 0, 0];
      for (let i = 0; i < side * side; i++) {
        const value = input[(b * side * side + i) * channels + 3 + k]!;
        if (value > peak) [peak, x, y] = [value, i % side, Math.floor(i / side)];
      }
      expect(peak).toBeGreaterThan(0.5);
      worst = Math.max(worst, Math.hypot(x - u!, y - v!));
      seen++;
    }
  }
  return { worst, seen };
}

async function oneBatch(source: string, changes: Partial<LoaderData> = {}, augmentation = {}): Promise<HandBatch> {
  const data: LoaderData = {
    kind: 'loader',
    imageSize: SIDE,
    threads: 0,
    heatmaps: true,
    sources: [{ weight: 1, source: { kind: 'prepared', prepared: source, split: 'train', heatmaps: true } }],
    ...changes,
  };
  for await (const batch of loadBatches(data, { batchSize: 6, seed: 4, augmentation })) return batch;
  throw new Error('no batch');
}

describe('heat maps beside the image', () => {
  it('stand in the channels behind the colours, each at its keypoint, however they are stored', async () => {
    const before = tf.memory().numTensors;
    const [array, packed] = await Promise.all(
      [prepared.array, prepared.packed].map((path) =>
        loadTrainingData({ prepared: path, split: 'train' }, SIDE, { heatmaps: true }),
      ),
    );
    expect(packed!.heatmaps).toEqual(array!.heatmaps);
    const batch = batchOf(array!, [0, 1, 2, 3, 4, 5]);
    expect(batch.images.shape).toEqual([6, SIDE, SIDE, 24]);
    const { worst, seen } = await distanceOfPeaks(batch);
    expect(seen).toBeGreaterThan(100);
    expect(worst).toBeLessThan(1.5); // of two pixels a cell
    const alone = batchOf({ ...array!, heatmaps: undefined }, [0, 1, 2, 3, 4, 5]);
    const colours = tf.slice(batch.images, [0, 0, 0, 0], [6, SIDE, SIDE, 3]);
    expect(Array.from(await colours.data())).toEqual(Array.from(await alone.images.data()));
    batch.dispose();
    alone.dispose();
    colours.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('move with the pixels and the labels', async () => {
    for (const path of [prepared.array, prepared.packed]) {
      const batch = await oneBatch(path, {}, AUGMENTATION_PRESETS.strong);
      const { worst, seen } = await distanceOfPeaks(batch);
      expect(seen).toBeGreaterThan(80);
      expect(worst).toBeLessThan(1.8);
      batch.dispose();
    }
  });

  it('are refused where there are none', async () => {
    const load = (path: string) => loadTrainingData({ prepared: path, split: 'train' }, SIDE, { heatmaps: true });
    await expect(load(prepared.none)).rejects.toThrow(
      `${prepared.none}: expected heat maps, which a network of 24 channels takes beside the image, but there is no heatmaps/heatmaps.json; opposable heatmaps makes them.`,
    );
    await expect(
      oneBatch(prepared.array, { sources: [{ weight: 1, source: { kind: 'synthetic', seed: 1, size: SIDE } }] }),
    ).rejects.toThrow('loader: a network of 24 channels takes heat maps, which only prepared datasets have');
    const broken = join(folder, 'broken');
    await synthesizeDataset({ out: broken, seed: 3, ...COUNTS, size: SIDE, preset: 'demo', workers: 0 });
    await mkdir(join(broken, 'heatmaps'));
    const manifest = join(broken, 'heatmaps', 'heatmaps.json');
    await writeFile(manifest, '{"format":');
    await expect(load(broken)).rejects.toThrow(`${manifest}: expected JSON with format, size and splits`);
    await writeFile(manifest, JSON.stringify({ format: 'array', size: MAP, splits: { test: 3 } }));
    await expect(load(broken)).rejects.toThrow("expected the heat maps of 6 samples of 'train', found those of 0");
    await writeFile(manifest, JSON.stringify({ format: 'array', size: MAP, splits: COUNTS }));
    const whole = await readFile(join(prepared.array, 'heatmaps', 'train.npy'));
    const path = join(broken, 'heatmaps', 'train.npy');
    for (const bytes of [whole.subarray(0, whole.length - 1), whole.subarray(0, 40), Buffer.alloc(3)]) {
      await writeFile(path, bytes);
      await expect(load(broken)).rejects.toThrow(`${path}: expected an array of bytes of shape [6, 32, 32, 21]`);
    }
  });
});

describe('a network of 24 channels', () => {
  const out = (): string => join(folder, 'run');
  const stage: ConfiguredStageOptions['stage'] = {
    ...{ kind: 'pretrain', seed: 1, iterations: 3, batchSize: 3, learningRate: 1e-3, decay: { kind: 'constant' } },
    ...{ beta1: 0.9, weightDecay: 0, gradientClip: undefined, augmentation: {}, poseMetric: 'coefficients' },
    weights: { scale: 0.1, translation: 0.2, rotation: 5000, pose: 1000, betas: 100_000 },
  };
  const options = (changes: Partial<ConfiguredStageOptions> = {}): ConfiguredStageOptions => ({
    stage,
    model: { encoder: 'small', inputSize: SIDE, channels: 24 },
    data: { sources: [{ prepared: prepared.array, split: 'train' }] },
    validation: { prepared: prepared.array, split: 'test' },
    ...{ out: out(), seed: 1, replicas: 1, stream: { write: () => true } },
    ...changes,
  });

  it('is trained from memory and through the loader, measured, and predicts with a heat-map network beside it', async () => {
    await runConfiguredStage(options());
    await runConfiguredStage(
      options({ out: join(folder, 'moved'), stage: { ...stage, augmentation: AUGMENTATION_PRESETS.strong } }),
    );
    const report = join(folder, 'report');
    const data = { prepared: prepared.packed, split: 'test' };
    const text = await evaluateRuns({ runs: [out(), join(folder, 'moved')], data, out: report });
    expect(text).toContain('moved');

    const maps = join(folder, 'maps');
    await trainHeatmap({
      settings: {
        seed: 1,
        coding: { sigma: 1, radius: 4, placement: 'exact', decoding: 'local', hidden: 'include' },
        loss: { iou: 1, mse: 10, adaptiveWing: 0 },
        augmentation: { gain: [1, 1], noise: 0, scale: [1, 1], rotation: 0, translation: 0, empty: 0 },
        optimizer: {
          ...{ name: 'adam', learningRate: 0.01, momentum: 0, weightDecay: 0, gradientClip: undefined },
          decay: { kind: 'constant' },
        },
        ...{ batchSize: 3, epochs: 1, batchesPerEpoch: 1, validationBatches: 1, earlyStop: undefined },
        checkpointEvery: 1,
      },
      model: {
        variant: 'small',
        inputSize: 32,
        normalization: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
      },
      data: { prepared: prepared.none, split: 'train' },
      ...{ out: maps, replicas: 1, stream: { write: () => true } },
    });
    const lines: string[] = [];
    const line = (text: string): void => void lines.push(text);
    const how = { checkpoint: out(), out: join(folder, 'predicted'), split: 'test', print: line, warn: line };
    const before = tf.memory().numTensors;
    await predictFiles([prepared.none], { ...how, heatmaps: maps, meshes: [] });
    expect(tf.memory().numTensors).toBe(before);
    expect((await readdir(how.out)).filter((name) => name.endsWith('.json'))).toHaveLength(3);
    lines.length = 0;
    await expect(predictFiles([prepared.none], how)).rejects.toThrow('predict: 3 of 3 images could not be used');
    expect(lines[0]).toBe(
      'predictHand: expected a heat-map network, because this network takes heat maps beside the image, got none.',
    );
  }, 180_000);

  it('refuses data without maps before anything is written', async () => {
    const nowhere = join(folder, 'nowhere');
    await expect(
      runConfiguredStage(options({ out: nowhere, data: { sources: [{ prepared: prepared.none, split: 'train' }] } })),
    ).rejects.toThrow('opposable heatmaps makes them');
    const source = { synthetic: { preset: 'demo', seed: 1, size: SIDE } } as const;
    await expect(runConfiguredStage(options({ out: nowhere, data: { sources: [source] } }))).rejects.toThrow(
      'A network of 24 channels takes heat maps, which only prepared datasets have (opposable heatmaps makes them), got hands made as they are needed.',
    );
    await expect(readdir(nowhere)).rejects.toThrow();
    expect(createRun({ encoder: 'small', inputSize: SIDE, channels: 24 }, 1).model.inputs[0]!.shape[3]).toBe(24);
  });
});
