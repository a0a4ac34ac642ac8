import { prepareSample, type HandSample } from '@opposable/hand-datasets';
import {
  openPreparedDataset,
  type PreparedDataset,
  type ReaderName,
  readerOf,
  readers,
} from '@opposable/hand-datasets/node';
import { ConfigError, DatasetError } from '@opposable/tensor-checks';
import { openHeatmaps } from '../heatmaps/stored-heatmaps.js';
import { buildTrainingArrays } from './build-training-arrays.js';
import { withHeatmaps } from './mapped-sample.js';
import { TRAINING_ORDER } from './sample-row.js';
import type { TrainingArrays } from './training-arrays.js';

/** One split of a prepared dataset. */
export interface PreparedSource {
  readonly prepared: string;
  readonly split: string;
}

/** Samples of a raw dataset, cropped as they come. */
export interface ReaderSource {
  readonly reader: ReaderName;
  /** The reader's own options: splits, cameras, versions. */
  readonly readerOptions?: Readonly<Record<string, unknown>> | undefined;
  readonly root: string;
  /** Which records; default all that have an image. */
  readonly rows?: readonly number[] | undefined;
  /** Side of the square crop over the longer side of the keypoints' box. */
  readonly cropFactor: number;
}

export type DataSource = PreparedSource | ReaderSource;

/** Side of the crops that a reader's samples are cut to: the frame of the 22 numbers. */
const CROP_SIZE = 256;

/** Right-handed square crops of a reader's samples. */
export async function readCrops(
  { reader, root, readerOptions, rows, cropFactor }: ReaderSource,
  signal?: AbortSignal,
): Promise<HandSample[]> {
  const crops: HandSample[] = [];
  for await (const sample of readerOf(reader)(root, { ...readerOptions, rows })) {
    signal?.throwIfAborted();
    crops.push(prepareSample(sample, { side: 'right', keypointOrder: TRAINING_ORDER, cropFactor, size: CROP_SIZE }));
  }
  return crops;
}

export interface LoadTrainingDataOptions {
  /** Side of the masks. Default 64. */
  readonly maskSize?: number | undefined;
  /** Only so many samples from the beginning; default all. */
  readonly limit?: number | undefined;
  /** Whether the heat maps of a prepared dataset come with it. Default false. */
  readonly heatmaps?: boolean | undefined;
  readonly onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Heat maps of a raw dataset are asked for in vain. */
export function refuseHeatmaps(name: string): never {
  throw new ConfigError(
    `A network of 24 channels takes heat maps, which only prepared datasets have (opposable heatmaps makes them), got ${name}.`,
    { expected: 'a prepared dataset', actual: name },
  );
}

/**
 * Loads a data set into memory.
 *
 * @param imageSize side of the network's input
 * @throws ConfigError for an unknown reader; DatasetError if there is nothing to read or a sample cannot be used;
 * the signal's reason
 */
export async function loadTrainingData(
  source: DataSource,
  imageSize: number,
  { maskSize, limit = Infinity, heatmaps = false, onProgress, signal }: LoadTrainingDataOptions = {},
): Promise<TrainingArrays> {
  const how = { imageSize, maskSize, onProgress, signal };
  if ('reader' in source) {
    if (!Object.hasOwn(readers, source.reader)) {
      const accepted = Object.keys(readers).join(', ');
      throw new ConfigError(
        `loadTrainingData: expected reader to be one of ${accepted}, got "${String(source.reader)}".`,
        { expected: accepted, actual: source.reader },
      );
    }
    if (heatmaps) refuseHeatmaps(`the reader ${source.reader}`);
    const crops = (await readCrops(source, signal)).slice(0, limit);
    if (crops.length === 0) {
      throw new DatasetError(`loadTrainingData: expected samples of ${source.reader} in ${source.root}, found none.`, {
        expected: 'at least one sample',
        actual: 0,
      });
    }
    return buildTrainingArrays(crops, crops.length, how);
  }
  const dataset = await openPreparedDataset(source.prepared);
  const count = Math.min(limit, dataset.count(source.split));
  const all = count === dataset.count(source.split);
  const samples = all ? dataset.samples(source.split) : first(dataset, source.split, count);
  if (!heatmaps) return buildTrainingArrays(samples, count, how);
  const maps = await openHeatmaps(dataset, source.split);
  return buildTrainingArrays(withHeatmaps(samples, maps.read), count, { ...how, heatmapSize: maps.size });
}

async function* first(dataset: PreparedDataset, split: string, count: number): AsyncGenerator<HandSample> {
  for (let i = 0; i < count; i++) yield dataset.load(split, i);
}
