import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ConfigError, DatasetError } from '@opposable/tensor-checks';
import type { LoaderBuffers } from './buffers.js';
import { type MadeRow, type RowJob, rowWorker, type RowWorkerStart } from './row-jobs.js';
import type { RowAnswer, RowRequest } from './row-thread.js';

/** Makes rows of batches, in threads of its own or in this one. */
export interface RowPool {
  /** Makes rows in the memory of a slot. @returns the names of the samples by row */
  make(slot: number, buffers: LoaderBuffers, jobs: readonly RowJob[]): Promise<string[]>;
  close(): Promise<void>;
}

/** Only a build has it. */
const ROW_THREAD = new URL('./row-thread.js', import.meta.url);

function namesOf(rows: readonly MadeRow[]): string[] {
  return [...rows].sort((a, b) => a.row - b.row).map(({ id }) => id);
}

function errorOf({ name, message, stack }: NonNullable<RowAnswer['error']>): Error {
  const Kind = { DatasetError, ConfigError }[name] ?? Error;
  const error = new Kind(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** @param threads 0, or where the package runs from its sources: all is done in this thread */
export function rowPool(start: RowWorkerStart, threads: number): RowPool {
  return threads > 0 && existsSync(fileURLToPath(ROW_THREAD)) ? threadPool(start, threads) : ownPool(start);
}

function ownPool(start: RowWorkerStart): RowPool {
  let worker: ReturnType<typeof rowWorker> | undefined;
  return {
    make: async (_slot, buffers, jobs) => namesOf(await (await (worker ??= rowWorker(start)))(buffers, jobs)),
    close: () => Promise.resolve(),
  };
}

function threadPool(workerData: RowWorkerStart, count: number): RowPool {
  const waiting = new Map<number, { resolve: (rows: readonly MadeRow[]) => void; reject: (error: Error) => void }>();
  const known = new Set<string>();
  let requests = 0;
  let failure: Error | undefined;
  let closing = false;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
  };
  const workers = Array.from({ length: count }, () => {
    const thread = new Worker(ROW_THREAD, { workerData });
    thread.on('message', ({ request, rows, error }: RowAnswer) => {
      const waiter = waiting.get(request);
      waiting.delete(request);
      if (error === undefined) waiter?.resolve(rows!);
      else waiter?.reject(errorOf(error));
    });
    thread.on('error', fail);
    thread.on('exit', (code) => fail(new Error(`A loader thread ended with code ${code}.`)));
    thread.unref();
    return thread;
  });
  return {
    async make(slot, buffers, jobs) {
      if (failure !== undefined) throw failure;
      const parts = workers.map((worker, w) => {
        const own = jobs.filter((_, i) => i % count === w);
        if (own.length === 0) return Promise.resolve([] as readonly MadeRow[]);
        const request = requests++;
        const first = !known.has(`${w} ${slot}`);
        known.add(`${w} ${slot}`);
        const message: RowRequest = { request, slot, jobs: own, ...(first ? { buffers } : {}) };
        return new Promise<readonly MadeRow[]>((resolve, reject) => {
          waiting.set(request, { resolve, reject });
          worker.ref(); // whoever waits for rows keeps the process alive
          worker.postMessage(message);
        }).finally(() => {
          // not while they end: `close` could then never return
          if (waiting.size === 0 && !closing) workers.forEach((each) => each.unref());
        });
      });
      return namesOf((await Promise.all(parts)).flat());
    },
    async close() {
      closing = true;
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
