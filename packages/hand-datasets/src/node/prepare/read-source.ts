import { rm } from 'node:fs/promises';
import { ConfigError, DatasetError, OpposableError } from '@opposable/tensor-checks';
import type { PrepareSource } from '../../prepare/prepare-config.js';
import type { HandRecord } from '../../records.js';
import { openDatasetFolder } from '../dataset-folder.js';
import { readerOf } from '../readers/reader-of.js';
import type { ReaderProblem } from '../readers/types.js';
import { createWorkerPool } from '../worker-pool.js';
import type { SourceReport } from './chunk-store.js';
import { createRecordWriter } from './record-store.js';
import { sourceProblem, withProblem } from './source-problem.js';

const WORKER = new URL('./read-source-worker.js', import.meta.url);

export interface ReadSourceTask {
  readonly source: PrepareSource;
  readonly strict: boolean;
  readonly chunkSize: number;
  /** File for the records. */
  readonly path: string;
}

/** Errors lose their class between threads. */
type Outcome = { readonly report: SourceReport } | { readonly isConfig: boolean; readonly message: string };

/** Reads the annotations of a source, up to its limit or as far as they can be read, and writes the records down in chunks. */
export async function readSourceTask({ source, strict, chunkSize, path }: ReadSourceTask): Promise<Outcome> {
  const writer = await createRecordWriter(path);
  try {
    await openDatasetFolder(source.root, `readers['${source.dataset}']`); // a wrong root is no fault of the data: it ends the work
    const stream = readerOf(source.dataset)(source.root, { ...source.options, strict });
    let end: ReaderProblem | undefined;
    let chunk: HandRecord[] = [];
    let [records, chunks] = [0, 0];
    const flush = async (): Promise<void> => {
      await writer.add(chunk);
      chunks++;
      chunk = [];
    };
    try {
      for await (const record of stream.records()) {
        chunk.push(record);
        records++;
        if (chunk.length === chunkSize) await flush();
        if (records === source.limit) break;
      }
    } catch (cause) {
      if (strict) throw cause;
      end = sourceProblem(source, cause);
    }
    if (chunk.length > 0) await flush();
    const { dropped, problems } = withProblem(stream.report, end);
    return { report: { records, chunks, dropped, problems, places: await writer.close() } };
  } catch (cause) {
    await writer.close().catch(() => undefined);
    await rm(path, { force: true });
    if (!(cause instanceof OpposableError)) throw cause;
    return { isConfig: cause instanceof ConfigError, message: cause.message };
  }
}

/**
 * {@link readSourceTask} on a thread of its own: what it needs for the names in large annotation files is given back
 * when the thread ends.
 *
 * @param workers 0 works on this thread
 */
export async function readSource(
  task: ReadSourceTask,
  { workers, signal }: { readonly workers: number | undefined; readonly signal: AbortSignal | undefined },
): Promise<SourceReport> {
  signal?.throwIfAborted();
  const pool = createWorkerPool(WORKER, readSourceTask, workers, 'prepareDataset', 1);
  const stop = (): void => void pool.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const outcome = await pool.run(task);
    if ('report' in outcome) return outcome.report;
    throw outcome.isConfig ? new ConfigError(outcome.message, {}) : new DatasetError(outcome.message, {});
  } catch (cause) {
    signal?.throwIfAborted(); // the thread was ended
    throw cause;
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.close();
  }
}
