import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OpposableError } from '@opposable/tensor-checks';
import { datasetError } from '../../dataset-error.js';
import type { PrepareConfig, PrepareSource } from '../../prepare/prepare-config.js';
import type { PreparedDatasetInfo } from '../../prepared/schema.js';
import { checkTarget } from '../prepared/finish-dataset.js';
import { type Chunk, checkShard, runChunks, type Shard, type WorkProgress } from '../run-chunks.js';
import { createWorkerPool } from '../worker-pool.js';
import { assembleDataset, type PrepareSummary } from './assemble-dataset.js';
import { checkSources } from './check-sources.js';
import { type ChunkStore, openChunkStore, type SourceReport } from './chunk-store.js';
import { chunkName, sourceName } from './names.js';
import { readSource } from './read-source.js';
import { type ChunkTask, prepareChunk } from './prepare-chunk.js';

const WORKER = new URL('./prepare-worker.js', import.meta.url);

const CHUNK_SIZE = 128;

export interface PrepareDatasetOptions {
  /** Threads; 0 works on this one. The result does not depend on it. Default one per core, 0 without a build. */
  readonly workers?: number | undefined;
  /** Prepares chunk `index`, `index + count`, … only, and leaves joining them to a call with `merge`. From 1 to `count`. */
  readonly shard?: Shard | undefined;
  /** Only joins what the shards have prepared. */
  readonly merge?: boolean | undefined;
  /** Throws away what an earlier call has left unfinished, instead of going on with it. */
  readonly restart?: boolean | undefined;
  /** Replaces a prepared dataset that stands at `out`; anything else is never replaced. */
  readonly overwrite?: boolean | undefined;
  /** Stops at the first record that cannot be used. */
  readonly strict?: boolean | undefined;
  /** Records in a chunk: what a kill can cost each worker. Default 128. */
  readonly chunkSize?: number | undefined;
  /** At most so many records of every source. */
  readonly limit?: number | undefined;
  /** Kept in dataset.json. */
  readonly command?: string | undefined;
  /** Called after every chunk with the records done, those among them that an earlier call had done, and all. */
  readonly onProgress?: ((progress: PrepareProgress) => void) | undefined;
  /** Stops the work; what is done stays for the next call. */
  readonly signal?: AbortSignal | undefined;
}

export type PrepareProgress = WorkProgress;

export interface PrepareResult {
  /** What dataset.json says; undefined after a shard. */
  readonly info: PreparedDatasetInfo | undefined;
  readonly summary: PrepareSummary | undefined;
  /** Chunks that this call has prepared, and those that were there. */
  readonly chunks: { readonly prepared: number; readonly resumed: number };
}

/** Every source of every split with the name of its files, in order. */
function sourcesOf({ splits }: PrepareConfig): { split: string; place: number; name: string; source: PrepareSource }[] {
  return Object.entries(splits).flatMap(([split, sources]) =>
    sources.map((source, place) => ({ split, place, name: sourceName(split, place), source })),
  );
}

/** The sources with what is known of them; those that an earlier call has read to their end are not read again. */
async function readSources(
  store: ChunkStore,
  config: PrepareConfig,
  options: PrepareDatasetOptions,
): Promise<readonly (ReturnType<typeof sourcesOf>[number] & { readonly report: SourceReport })[]> {
  const read = [];
  for (const source of sourcesOf(config)) {
    const known = await store.readSource(source.name);
    // what was left out may be what 'strict' stops at
    const isKnown = known !== undefined && !(options.strict && Object.keys(known.dropped).length > 0);
    const { strict = false, chunkSize = CHUNK_SIZE, workers, signal } = options;
    const task = { source: source.source, strict, chunkSize };
    const readTo = (path: string): Promise<SourceReport> => readSource({ ...task, path }, { workers, signal });
    const report = isKnown ? known : await store.writeSource(source.name, readTo);
    read.push({ ...source, report });
  }
  return read;
}

/** The chunks of every source in order. */
async function* chunkTasks(
  store: ChunkStore,
  config: PrepareConfig,
  read: Awaited<ReturnType<typeof readSources>>,
  { chunkSize = CHUNK_SIZE }: PrepareDatasetOptions,
): AsyncGenerator<Chunk<ChunkTask>, void, undefined> {
  const { keypointOrder, side, cropFactor, size, sampling, imageFormat, jpegQuality } = config;
  const settings = { keypointOrder, side, cropFactor, size, sampling, imageFormat, jpegQuality };
  for (const { split, place, name, source, report } of read) {
    const { dataset, root, options } = source;
    const where = { config: settings, dataset, root, options, split, folder: store.folder, stem: String(place) };
    let chunk = 0;
    for await (const records of store.chunkRecords(name, report.places)) {
      const start = chunk * chunkSize;
      const count = Math.min(chunkSize, report.records - start);
      yield { name: chunkName(split, place, chunk), size: count, task: { ...where, start, records } };
      chunk++;
    }
  }
}

async function prepareChunks(
  store: ChunkStore,
  config: PrepareConfig,
  options: PrepareDatasetOptions,
): Promise<PrepareResult['chunks']> {
  const { signal, onProgress, strict = false, shard, chunkSize = CHUNK_SIZE } = options;
  const read = await readSources(store, config, options);
  const sizes = read.flatMap(({ report: { records, chunks } }) =>
    Array.from({ length: chunks }, (_, chunk) => Math.min(chunkSize, records - chunk * chunkSize)),
  );
  const own = shard ? sizes.filter((_, turn) => turn % shard.count === shard.index - 1) : sizes;
  const total = own.reduce((sum, size) => sum + size, 0);
  const pool = createWorkerPool(WORKER, prepareChunk, options.workers, 'prepareDataset');
  const { made, resumed } = await runChunks({
    ...{ work: store, pool, chunks: chunkTasks(store, config, read, options), shard, total, signal, onProgress },
    accept: ({ dropped: [first] }) => {
      if (strict && first) throw datasetError('prepareDataset', first.message.replace(/\.$/, ''));
    },
  });
  return { prepared: made, resumed };
}

/**
 * Brings datasets into one format: every sample is reordered, mirrored to one side, cropped, resized and written, with all
 * of its annotations moved along, as design and `openPreparedDataset` have it.
 *
 * The work grows in `<out>.preparing` chunk by chunk and can be stopped or killed at any point: the next call with the same
 * configuration goes on where it stopped. The finished dataset appears at `out` at once, complete.
 *
 * @param config as `prepareConfigSchema` gives it; roots are relative to the working directory
 * @returns what dataset.json says, and what became of every record
 * @throws DatasetError if `out` holds something else, another configuration was begun there, or a dataset cannot be read
 *
 * @example
 * const config = prepareConfigSchema.parse({ out: 'data/hands', splits: { train: [{ dataset: 'stb', root: 'STB' }] } });
 * const { summary } = await prepareDataset(config);
 */
export async function prepareDataset(
  config: PrepareConfig,
  options: PrepareDatasetOptions = {},
): Promise<PrepareResult> {
  const { shard, merge = false, restart, overwrite = false, command } = options;
  checkShard(shard, merge, 'prepareDataset');
  checkSources(config);
  const out = resolve(config.out);
  await checkTarget(out, overwrite, 'prepareDataset');
  const limited = options.limit === undefined ? config : withLimit(config, options.limit);
  const store = await openChunkStore(out, limited, { chunkSize: options.chunkSize ?? CHUNK_SIZE, restart });
  const chunks = merge
    ? { prepared: 0, resumed: store.done.size }
    : await prepareChunks(store, limited, options).catch(async (cause: unknown) => {
        // the folder may be another shard's, and work that was stopped goes on
        const isUseless = cause instanceof OpposableError && store.done.size === 0 && shard === undefined;
        if (isUseless) await rm(store.folder, { recursive: true, force: true });
        throw cause;
      });
  if (shard) return { info: undefined, summary: undefined, chunks };
  return { ...(await assembleDataset(store, limited, { out, overwrite, command })), chunks };
}

function withLimit(config: PrepareConfig, limit: number): PrepareConfig {
  const limitOf = (source: PrepareSource) => ({ ...source, limit: Math.min(limit, source.limit ?? Infinity) });
  const splits = Object.entries(config.splits).map(([split, sources]) => [split, sources.map(limitOf)] as const);
  return { ...config, splits: Object.fromEntries(splits) };
}
