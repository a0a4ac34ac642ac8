import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { writeNpy } from '@opposable/array-files';
import { encodePng } from '@opposable/drawing';
import { openPreparedDataset, writeFileAtomic } from '@opposable/hand-datasets/node';
import { ConfigError } from '@opposable/tensor-checks';
import { loadTrainingData } from '../data/load-training-data.js';
import { HEATMAP_FOLDER, HEATMAP_MANIFEST, type HeatmapManifest, packedPath } from './heatmap-files.js';
import type { HeatmapFormat } from './heatmap-formats.js';
import { type HeatmapRun, mapsForInference, mapSizeOf } from './heatmap-run.js';
import { loadHeatmapRun } from './heatmap-checkpoint.js';
import { packHeatmaps, PACKED_PICTURES, toHeatmapBytes } from './packed-heatmaps.js';
import { forEachMaps } from './predict-maps.js';

export interface WriteHeatmapsOptions {
  /** Folder of a prepared dataset. */
  readonly dataset: string;
  readonly checkpoint: string;
  /** Default all splits. */
  readonly splits?: readonly string[] | undefined;
  /** `'packed'`: seven RGB pictures an image, as 3dhand has them; `'array'`: one array of bytes a split. */
  readonly format: HeatmapFormat;
  /** Replaces maps that are there. */
  readonly overwrite?: boolean | undefined;
  readonly onProgress?: (progress: { done: number; total: number; resumed: number }) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Name of the folder while it grows. */
const PARTIAL = '.heatmaps';
/** Images whose maps are computed together. */
const CHUNK = 32;

interface Work {
  readonly root: string;
  readonly run: HeatmapRun;
  readonly options: WriteHeatmapsOptions;
  readonly step: (count: number, resumed?: boolean) => void;
}

/** The first sample of a split whose last picture is missing: everything before it was written by an earlier run. */
function firstMissing(folder: string, files: readonly string[]): number {
  const missing = files.findIndex((file) => !existsSync(join(folder, `${file}_${PACKED_PICTURES - 1}.png`)));
  return missing < 0 ? files.length : missing;
}

async function writePacked({ root, run, options, step }: Work, split: string): Promise<void> {
  const dataset = await openPreparedDataset(root);
  const count = dataset.count(split);
  const size = mapSizeOf(run);
  const names = Array.from({ length: count }, (_, i) => {
    const path = packedPath(dataset.imageRecord(split, i).file_name);
    return path.slice(HEATMAP_FOLDER.length + 1);
  });
  const partial = join(root, PARTIAL);
  const first = firstMissing(partial, names);
  step(first, true);
  if (first === count) return;
  const arrays = await loadTrainingData({ prepared: root, split }, run.info.network.inputSize, {
    signal: options.signal,
  });
  const pixels = arrays.imageSize ** 2 * 3;
  const rest = { ...arrays, count: count - first, images: arrays.images.subarray(first * pixels) };
  for (const folder of new Set(names.map((name) => dirname(join(partial, name)))))
    await mkdir(folder, { recursive: true });
  await forEachMaps(
    run,
    rest,
    async (maps, start, samples) => {
      const length = maps.length / samples;
      for (let i = 0; i < samples; i++) {
        const bytes = toHeatmapBytes(maps.subarray(i * length, (i + 1) * length), size);
        const pictures = packHeatmaps(bytes).map((picture) => encodePng(picture));
        for (const [k, png] of pictures.entries()) {
          await writeFileAtomic(join(partial, `${names[first + start + i]!}_${k}.png`), png);
        }
      }
      step(samples);
    },
    { batchSize: CHUNK, signal: options.signal },
  );
}

async function writeArray({ root, run, options, step }: Work, split: string): Promise<void> {
  const size = mapSizeOf(run);
  const path = join(root, PARTIAL, `${split}.npy`);
  const arrays = await loadTrainingData({ prepared: root, split }, run.info.network.inputSize, {
    signal: options.signal,
  });
  if (existsSync(path)) return step(arrays.count, true);
  const data = new Uint8Array(arrays.count * size * size * 21);
  await forEachMaps(
    run,
    arrays,
    (maps, first, samples) => {
      const length = maps.length / samples;
      for (let i = 0; i < samples; i++) {
        data.set(toHeatmapBytes(maps.subarray(i * length, (i + 1) * length), size).data, (first + i) * length);
      }
      step(samples);
    },
    { batchSize: CHUNK, signal: options.signal },
  );
  await writeFileAtomic(path, writeNpy({ data, shape: [arrays.count, size, size, 21] }));
}

/**
 * Computes the heat maps of every image of a prepared dataset and puts them into it: `heatmaps/<split>/…_0.png` to `_6.png`, or
 * `heatmaps/<split>.npy`, and `heatmaps/heatmaps.json`. They appear when all are there; a run that was stopped goes on.
 *
 * @throws ConfigError if the dataset has maps and `overwrite` is not set; what the loaders throw; the signal's reason
 */
export async function writeHeatmaps(options: WriteHeatmapsOptions): Promise<HeatmapManifest> {
  const { dataset: path, checkpoint, format, overwrite = false, onProgress } = options;
  const root = resolve(path);
  const dataset = await openPreparedDataset(root);
  const splits = options.splits ?? dataset.splits;
  const counts = Object.fromEntries(splits.map((split) => [split, dataset.count(split)]));
  const target = join(root, HEATMAP_FOLDER);
  if (existsSync(target) && !overwrite) {
    throw new ConfigError(`heatmaps: ${target} is there already; replace it with --overwrite.`, {
      expected: 'a dataset without heat maps',
      actual: target,
    });
  }
  const run = mapsForInference(await loadHeatmapRun(checkpoint));
  try {
    const size = mapSizeOf(run);
    const manifest: HeatmapManifest = { format, size, keypoint_order: 'mano', checkpoint, splits: counts };
    const partial = join(root, PARTIAL);
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    const before = await readFile(join(partial, HEATMAP_MANIFEST), 'utf8').catch(() => undefined);
    if (before !== text) {
      await rm(partial, { recursive: true, force: true });
      await mkdir(partial, { recursive: true });
      await writeFileAtomic(join(partial, HEATMAP_MANIFEST), text);
    }
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    let [done, resumed] = [0, 0];
    const step = (count: number, wasThere = false): void => {
      done += count;
      if (wasThere) resumed += count;
      onProgress?.({ done, total, resumed });
    };
    for (const split of splits)
      await (format === 'packed' ? writePacked : writeArray)({ root, run, options, step }, split);
    await rm(target, { recursive: true, force: true });
    await rename(partial, target);
    return manifest;
  } finally {
    run.dispose();
  }
}
