import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { PreparedDatasetInfo } from '@opposable/hand-datasets';
import {
  checkShard,
  checkTarget,
  type Chunk,
  createWorkerPool,
  joinChunks,
  openWorkFolder,
  runChunks,
  type Shard,
  type StoredSample,
  type WorkProgress,
} from '@opposable/hand-datasets/node';
import { keypointOrder } from '@opposable/keypoint-order';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { ConfigError } from '@opposable/tensor-checks';
import { resolveSettings, settingsAmong, type SynthesizeHandOptions } from '../settings/synthesis-options.js';
import { type HandReference, synthesizeChunk, type SynthesisChunk } from './synthesize-chunk.js';

export interface SynthesizeDatasetOptions extends Omit<SynthesizeHandOptions, 'buffers'> {
  /** Folder of the dataset, new or empty. */
  readonly out: string;
  readonly seed: number | string;
  /** Number of samples of the split `train`; 0 leaves the split out. */
  readonly train: number;
  /** Number of samples of the split `test`, drawn from another part of the seed. */
  readonly test: number;
  /** Default the open right hand. */
  readonly model?: ManoModel | undefined;
  /** Threads; 0 works on this one. The bytes do not depend on it. Default one per core, 0 without a build. */
  readonly workers?: number | undefined;
  /** Makes one of several parts only, and leaves joining them to a call with `merge`. */
  readonly shard?: Shard | undefined;
  /** Only joins what the shards have made. */
  readonly merge?: boolean | undefined;
  /** Throws away what an earlier call has left unfinished, instead of going on with it. */
  readonly restart?: boolean | undefined;
  /** Samples in a chunk: what a kill can cost each worker. Default 64. */
  readonly chunkSize?: number | undefined;
  /** Default 'jpeg'. Masks are PNG. */
  readonly imageFormat?: 'jpeg' | 'png' | undefined;
  /** 1–100. Default 92. */
  readonly jpegQuality?: number | undefined;
  /** Replaces a prepared dataset that stands at `out`; anything else is never replaced. Default false. */
  readonly overwrite?: boolean | undefined;
  /** Kept in dataset.json. */
  readonly command?: string | undefined;
  /** Called after every chunk. */
  readonly onProgress?: ((progress: WorkProgress) => void) | undefined;
  /** Stops the work; what is done stays for the next call. */
  readonly signal?: AbortSignal | undefined;
}

const OPERATION = 'synthesizeDataset';
const WORKER = new URL('./chunk-worker.js', import.meta.url);
const CHUNK = 64;

function checkCounts(counts: Readonly<Record<'train' | 'test', number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isInteger(value) || value < 0) {
      throw new ConfigError(`${OPERATION}: expected ${name} as an integer from 0, got ${value}.`, {
        expected: '>= 0',
        actual: value,
      });
    }
  }
  if (counts.train + counts.test === 0) {
    throw new ConfigError(`${OPERATION}: expected at least one sample in train or test, got none.`, {
      expected: '>= 1',
      actual: 0,
    });
  }
}

function digestOf(...parts: readonly ArrayBufferView[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  return hash.digest('hex');
}

/** A model by reference where it can be loaded again, else with a name made of its numbers. */
function referenceTo(model: ManoModel | undefined): HandReference {
  if (model === undefined) return { openHand: 'right' };
  if (model === loadOpenHand(model.side)) return { openHand: model.side };
  return { key: digestOf(model.vTemplate, model.shapeDirs, model.lbsWeights, model.handsComponents), model };
}

const chunkName = (split: string, chunk: number): string => `${split}-${String(chunk).padStart(6, '0')}`;

/**
 * Writes a prepared dataset of synthetic hands.
 *
 * The work grows in `<out>.synthesizing` chunk by chunk and can be stopped or killed at any point: the next call with the
 * same options goes on where it stopped. The finished dataset appears at `out` at once, complete. The same seed and
 * settings give the same bytes, whatever the number of workers or shards.
 *
 * @returns what dataset.json says; undefined after a shard
 * @throws ConfigError for an option that is not accepted; DatasetError if `out` holds something, other work was begun
 *   there, or a shard is missing; the signal's reason
 *
 * @example
 * await synthesizeDataset({ out: 'runs/synthetic', seed: 1, train: 8000, test: 500, size: 96 });
 */
export async function synthesizeDataset(options: SynthesizeDatasetOptions): Promise<PreparedDatasetInfo | undefined> {
  const { seed, train, test, workers, shard, merge = false, restart, chunkSize = CHUNK, signal } = options;
  const { imageFormat = 'jpeg', jpegQuality, overwrite = false, command, onProgress } = options;
  const { backgrounds, colorings, ...synthesis } = settingsAmong(options);
  const settings = resolveSettings(synthesis);
  if (backgrounds?.length === 0) {
    throw new ConfigError(`${OPERATION}: expected backgrounds with at least one image, got none.`, { actual: [] });
  }
  checkCounts({ train, test });
  checkShard(shard, merge, OPERATION);
  const order = keypointOrder(synthesis.keypointOrder ?? 'panoptic').name;
  const out = resolve(options.out);
  const pool = createWorkerPool(WORKER, synthesizeChunk, workers, OPERATION);

  const hand = referenceTo(options.model);
  const { topology, side } = options.model ?? { topology: 'open-hand', side: 'right' };
  const preset = synthesis.preset ?? 'demo';
  const counts = Object.fromEntries(Object.entries({ train, test }).filter(([, count]) => count > 0));
  const metadata = {
    ...{ generator: '@opposable/hand-synthesis', seed, hand: { topology, side }, preset, settings },
    ...(synthesis.depth && { depth: true }),
    ...(backgrounds && { backgrounds: backgrounds.length }),
    ...(colorings && { colorings: colorings.length }),
  };
  const plan = {
    ...{ ...metadata, counts, order, imageFormat, jpegQuality, chunkSize },
    ...('key' in hand && { model: hand.key }),
    ...(backgrounds && { backgrounds: digestOf(...backgrounds.map(({ data }) => data)) }),
    ...(colorings && { colorings: digestOf(...colorings.map((coloring) => Float64Array.from(coloring))) }),
  };
  const begin = async () => {
    signal?.throwIfAborted();
    await checkTarget(out, overwrite, OPERATION);
    return openWorkFolder<{ readonly samples: readonly StoredSample[] }>(
      `${out}.synthesizing`,
      `${JSON.stringify(plan, undefined, 2)}\n`,
      {
        folders: Object.keys(counts).flatMap((split) =>
          ['images', 'masks', ...(synthesis.depth ? ['depth'] : [])].map((kind) => `${kind}/${split}`),
        ),
        restart,
        operation: OPERATION,
      },
    );
  };
  const work = await begin().catch(async (cause: unknown) => {
    await pool.close();
    throw cause;
  });

  const chunks: Chunk<SynthesisChunk>[] = Object.entries(counts).flatMap(([split, count]) =>
    Array.from({ length: Math.ceil(count / chunkSize) }, (_, chunk) => {
      const start = chunk * chunkSize;
      const size = Math.min(chunkSize, count - start);
      const how = { hand, seed, synthesis: { ...synthesis, backgrounds, colorings }, imageFormat, jpegQuality };
      return {
        name: chunkName(split, chunk),
        size,
        task: { ...how, split, start, count: size, folder: work.folder },
      };
    }),
  );
  if (merge) await pool.close();
  else {
    const mine = shard === undefined ? chunks : chunks.filter((_, i) => i % shard.count === shard.index - 1);
    const total = mine.reduce((sum, { size }) => sum + size, 0);
    await runChunks({ work, pool, chunks, shard, total, onProgress, signal });
  }
  if (shard !== undefined) return undefined;
  const names = Object.entries(counts).map(
    ([split]) => [split, chunks.filter(({ task }) => task.split === split).map(({ name }) => name)] as const,
  );
  return joinChunks(work, {
    ...{ splits: Object.fromEntries(names), out, overwrite, operation: OPERATION },
    info: {
      keypoint_order: order,
      image_size: { width: settings.size, height: settings.size },
      image_format: imageFormat,
      command,
      metadata,
    },
  });
}
