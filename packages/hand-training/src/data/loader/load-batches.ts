import { availableParallelism } from 'node:os';
import type { HandSample } from '@opposable/hand-datasets';
import { createRng } from '@opposable/tensor-checks';
import { ConfigError } from '@opposable/tensor-checks';
import { batchOfBuffers, type HandBatch } from '../batches.js';
import type { Augmentation } from '../augmentation/settings.js';
import { DEFAULT_MASK_SIZE } from '../training-arrays.js';
import { createBuffers, type LoaderBuffers } from './buffers.js';
import { type OpenSource, openSource } from './open-source.js';
import { type RowJob } from './row-jobs.js';
import { rowPool } from './row-pool.js';
import { type PlannedSample, samplePlan } from './sample-plan.js';
import type { LoaderData, LoaderSource, StreamSource } from './types.js';

export interface LoadBatchesOptions {
  /** Over all replicas. */
  readonly batchSize: number;
  readonly seed: number | string;
  readonly augmentation: Augmentation;
  /** Samples without the 22 numbers are refused. Default false. */
  readonly needsParameters?: boolean;
  /** Of every batch only the part of one replica: rows rank, rank + members, … Default the whole batch. */
  readonly part?: { readonly rank: number; readonly members: number };
  /** Number of the first batch. Default 0. */
  readonly first?: number;
}

function isStream(source: LoaderSource): source is StreamSource {
  return source.kind === 'stream';
}

/** Samples of a data set, Infinity for a stream, and the side of its heat maps. */
async function aboutSource(source: LoaderSource): Promise<Pick<OpenSource, 'count' | 'heatmapSize'>> {
  return isStream(source) ? { count: Infinity } : openSource(source);
}

/** One side for all maps: that of the first data set, but no more than the image's; what differs is resampled. */
function sideOfMaps(sides: readonly (number | undefined)[], imageSize: number): number {
  if (!sides.includes(undefined)) return Math.min(sides[0]!, imageSize);
  throw new ConfigError(
    'loader: a network of 24 channels takes heat maps, which only prepared datasets have, got another source.',
    { expected: 'prepared datasets', actual: sides },
  );
}

/** Threads that one replica's loader has. */
function threadsOf(threads: number | undefined, members: number): number {
  const all = threads ?? availableParallelism();
  return all === 0 ? 0 : Math.max(1, Math.floor(all / members));
}

/** What is asked of one stream, in order. */
function streamReader(source: StreamSource): (turn: number) => Promise<HandSample> {
  let iterator: AsyncIterator<HandSample> | undefined;
  return async (turn) => {
    iterator ??= source.open(turn)[Symbol.asyncIterator]();
    const result = await iterator.next();
    if (result.done === true) {
      throw new ConfigError(`loader: expected a stream without end, got one that ends before sample ${turn}.`, {
        expected: 'no end',
        actual: turn,
      });
    }
    return result.value;
  };
}

/**
 * Batches without end, read, augmented and mixed in other threads, a few ahead of the step that needs them.
 *
 * Batch i and every number in it depend on the seed and i alone: not on the number of threads or of replicas, nor on where
 * the run began.
 *
 * @throws DatasetError, ConfigError for what cannot be read or used
 */
export async function* loadBatches(data: LoaderData, options: LoadBatchesOptions): AsyncGenerator<HandBatch, void> {
  const { batchSize, seed, augmentation, needsParameters = false, part = { rank: 0, members: 1 }, first = 0 } = options;
  const { imageSize, maskSize = DEFAULT_MASK_SIZE, ahead = 3 } = data;
  const opened = await Promise.all(data.sources.map(({ source }) => aboutSource(source)));
  const heatmapSize =
    data.heatmaps === true
      ? sideOfMaps(
          opened.map((source) => source.heatmapSize),
          imageSize,
        )
      : undefined;
  const planned = data.sources.map(({ weight }, i) => ({ weight, count: opened[i]!.count }));
  const plan = samplePlan(planned, createRng(seed).split('plan'), first * batchSize);
  const streams = data.sources.map(({ source }) => (isStream(source) ? streamReader(source) : undefined));
  const sources = data.sources.map(({ source }) => (isStream(source) ? undefined : source));
  const settings = { imageSize, maskSize, heatmapSize, seed, augmentation, needsParameters };
  const pool = rowPool({ sources, settings }, threadsOf(data.threads, part.members));
  const rows = Math.ceil((batchSize - part.rank) / part.members);
  let slots = 0;
  const free: { slot: number; buffers: LoaderBuffers }[] = [];

  const jobOf = async (row: number, { position, source, turn, index }: PlannedSample): Promise<RowJob> => {
    const sample = await streams[source]?.(turn);
    return { row, position, source, index, ...(sample ? { sample } : {}) };
  };
  const start = async (): Promise<HandBatch> => {
    const chosen = Array.from({ length: batchSize }, () => plan.next().value);
    const jobs: RowJob[] = [];
    for (const [b, sample] of chosen.entries()) {
      // a stream is read by all replicas alike, so that each knows where it stands
      if (b % part.members === part.rank) jobs.push(await jobOf(jobs.length, sample));
      else await streams[sample.source]?.(sample.turn);
    }
    const place = free.pop() ?? { slot: slots++, buffers: createBuffers(rows, imageSize, maskSize, heatmapSize) };
    const names = await pool.make(place.slot, place.buffers, jobs);
    return batchOfBuffers(place.buffers, names, settings, () => free.push(place));
  };

  const pending: Promise<HandBatch>[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const prepare = (): void => {
    // the choice of samples is made in order, whatever the threads do
    const batch = streams.every((stream) => stream === undefined) ? start() : last.then(start);
    last = batch.catch(() => undefined);
    batch.catch(() => undefined); // reported to whoever takes it
    pending.push(batch);
  };
  try {
    for (let i = 0; i < ahead; i++) prepare();
    for (;;) {
      const batch = await pending.shift()!;
      prepare();
      yield batch;
    }
  } finally {
    await pool.close();
    for (const batch of pending) {
      batch.then(
        (unused) => unused.dispose(),
        () => undefined,
      );
    }
  }
}
