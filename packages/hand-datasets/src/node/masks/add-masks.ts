import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ConfigError } from '@opposable/tensor-checks';
import { type MaskOptions, resolveMaskOptions } from '../../masks/mask-presets.js';
import type { PreparedDatasetInfo } from '../../prepared/schema.js';
import { concurrentMapOf } from '../concurrent-map.js';
import { realPathInside } from '../inside-root.js';
import { openPreparedDataset, type PreparedDataset } from '../prepared/open-prepared-dataset.js';
import { drawSheet, type SheetOptions } from '../validate/draw-sheet.js';
import { openWorkFolder, readPlan, type WorkFolder } from '../work-folder.js';
import { createWorkerPool } from '../worker-pool.js';
import { finishMasks, type MasksSummary, removeObsolete } from './finish-masks.js';
import { isMadeMask, type MaskChunk, maskChunk, type MaskTask } from './mask-chunk.js';

const OPERATION = 'addMasks';
const WORKER = new URL('./mask-worker.js', import.meta.url);
const CHUNK_SIZE = 8;
const REPLACE = ['none', 'made', 'all'] as const;

export interface AddMasksOptions extends MaskOptions {
  /** Masks that are made anew: none, those that an earlier call has made, or the dataset's own too. Default 'none'. */
  readonly replace?: (typeof REPLACE)[number] | undefined;
  /** Threads; 0 works on this one. The result does not depend on it. Default one per core, 0 without a build. */
  readonly workers?: number | undefined;
  /** Only so many samples at the start of every split. */
  readonly limit?: number | undefined;
  /** Samples in a chunk: what a kill can cost each worker. Default 8. */
  readonly chunkSize?: number | undefined;
  /** Throws away what an earlier call has left unfinished, instead of going on with it. */
  readonly restart?: boolean | undefined;
  /** Draws contact sheets of random new masks, one per split. */
  readonly sheets?: SheetOptions | undefined;
  /** Called after every chunk with the samples done, those among them that an earlier call had done, and all. */
  readonly onProgress?:
    ((progress: { readonly done: number; readonly resumed: number; readonly total: number }) => void) | undefined;
  /** Stops the work; what is done stays for the next call. */
  readonly signal?: AbortSignal | undefined;
}

export interface AddMasksResult extends MasksSummary {
  /** What dataset.json says now. */
  readonly info: PreparedDatasetInfo;
  /** Contact sheets that were drawn. */
  readonly sheets: readonly string[];
}

interface Chunk {
  readonly name: string;
  readonly split: string;
  readonly indices: readonly number[];
}

const chunkName = (split: string, chunk: number): string => `${split}-${String(chunk).padStart(6, '0')}`;

/** The chunks of a dataset in which masks are to be made. */
function* chunksOf(
  dataset: PreparedDataset,
  replace: AddMasksOptions['replace'],
  limit: number,
  size: number,
): Generator<Chunk, void, undefined> {
  for (const split of dataset.splits) {
    const count = Math.min(limit, dataset.count(split));
    for (let start = 0; start < count; start += size) {
      const indices: number[] = [];
      for (let i = start; i < Math.min(count, start + size); i++) {
        const mask = dataset.imageRecord(split, i).mask_file_name;
        if (mask === undefined || replace === 'all' || (replace === 'made' && isMadeMask(mask))) indices.push(i);
      }
      if (indices.length > 0) yield { name: chunkName(split, start / size), split, indices };
    }
  }
}

/** What an earlier call left after its dataset was complete is removed; anything else unfinished is gone on with. */
async function sweep(root: string, folder: string, info: PreparedDatasetInfo): Promise<void> {
  const plan = await readPlan(folder);
  const finished = (info.metadata['masks'] as { readonly plan?: unknown } | undefined)?.plan;
  if (plan !== undefined && hashOf(plan) === finished) await removeObsolete(root, folder, info);
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function checkPositive(value: number | undefined, name: string): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1)) return;
  throw new ConfigError(`${OPERATION}: expected ${name} as a whole number from 1, got ${value}.`, { actual: value });
}

async function makeMasks(
  dataset: PreparedDataset,
  work: WorkFolder<MaskChunk>,
  chunks: () => Iterable<Chunk>,
  settings: MaskOptions,
  { workers, signal, onProgress }: AddMasksOptions,
): Promise<void> {
  const progress = { done: 0, resumed: 0, total: 0 };
  for (const { indices } of chunks()) progress.total += indices.length;
  const pool = createWorkerPool(WORKER, maskChunk, workers, OPERATION);
  const runOne = async ({ name, split, indices }: Chunk): Promise<void> => {
    signal?.throwIfAborted();
    if (work.done.has(name)) progress.resumed += indices.length;
    else {
      const samples: MaskTask['samples'] = indices.map((index) => {
        const { id, keypoints, visibility, keypointOrder } = dataset.annotation(split, index);
        return {
          ...{ id, keypoints, visibility, keypointOrder, index },
          imageFile: dataset.imageRecord(split, index).file_name,
        };
      });
      const task: MaskTask = { root: dataset.root, folder: work.folder, split, options: settings, samples };
      await work.writeChunk(name, await pool.run(task));
    }
    progress.done += indices.length;
    onProgress?.({ ...progress });
  };
  try {
    for await (const _ of concurrentMapOf(chunks(), runOne, pool.width)) signal?.throwIfAborted();
  } finally {
    await pool.close();
  }
}

/** The samples whose masks the chunks hold. */
async function madeIndices(
  work: WorkFolder<MaskChunk>,
  chunks: readonly Chunk[],
): Promise<{ readonly split: string; readonly index: number }[]> {
  const found = [];
  for (const { name, split } of chunks) {
    for (const { index } of (await work.readChunk(name)).made) found.push({ split, index });
  }
  return found;
}

/**
 * Gives the samples of a prepared dataset masks by `createMask`, with one thread per core. Masks that the dataset
 * brings along are kept unless told otherwise; a sample for which none is found stays without one and is listed.
 *
 * The work grows in `<dataset>.masking` and can be stopped or killed at any point: the next call with the same options goes
 * on where it stopped. The dataset is complete at every moment, first without the new masks and then with all of them.
 *
 * @param path folder of the dataset
 * @param options settings of the masks, and which are made
 * @returns what became of every sample
 * @throws DatasetError if it is no prepared dataset, or other options were begun; ConfigError for an option not accepted
 *
 * @example
 * const { splits, problems } = await addMasks('data/hands', { preset: '3dhand' });
 */
export async function addMasks(path: string, options: AddMasksOptions = {}): Promise<AddMasksResult> {
  const { replace = 'none', limit, chunkSize = CHUNK_SIZE, restart, sheets } = options;
  const settings = resolveMaskOptions(options, OPERATION);
  checkPositive(limit, 'limit');
  checkPositive(chunkSize, 'chunkSize');
  if (!REPLACE.includes(replace)) {
    throw new ConfigError(`${OPERATION}: expected replace as ${REPLACE.join(', ')}, got '${String(replace)}'.`, {
      expected: REPLACE,
      actual: replace,
    });
  }
  const dataset = await openPreparedDataset(path);
  for (const split of ['.', ...dataset.splits]) await realPathInside(dataset.root, join('masks', split), OPERATION);
  const hashes = Object.fromEntries(Object.entries(dataset.info.splits).map(([split, { sha256 }]) => [split, sha256]));
  const plan = `${JSON.stringify({ settings, replace, limit, chunkSize, splits: hashes }, undefined, 2)}\n`;
  const folder = `${dataset.root}.masking`;
  await sweep(dataset.root, folder, dataset.info);
  const work = await openWorkFolder<MaskChunk>(folder, plan, { folders: ['masks'], restart, operation: OPERATION });
  const chunks = (): Iterable<Chunk> => chunksOf(dataset, replace, limit ?? Infinity, chunkSize);
  await makeMasks(dataset, work, chunks, settings, options);

  const planned = [...chunks()];
  const made = sheets ? await madeIndices(work, planned) : [];
  const { info, summary } = await finishMasks(work, {
    root: dataset.root,
    info: dataset.info,
    chunksOf: (split) => planned.filter((chunk) => chunk.split === split).map(({ name }) => name),
    metadata: { plan: hashOf(plan), settings },
  });
  const drawn: string[] = [];
  if (sheets) {
    const finished = await openPreparedDataset(path);
    for (const split of finished.splits) {
      const indices = made.filter((mask) => mask.split === split).map(({ index }) => index);
      const sheet = await drawSheet(finished, split, sheets, indices);
      if (sheet !== undefined) drawn.push(sheet);
    }
  }
  return { info, ...summary, sheets: drawn };
}
