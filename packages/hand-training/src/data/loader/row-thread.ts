import { parentPort, workerData } from 'node:worker_threads';
import type { LoaderBuffers } from './buffers.js';
import { type MadeRow, type RowJob, rowWorker, type RowWorkerStart } from './row-jobs.js';

/** What a thread is told: the memory of a slot once, then jobs for it. */
export interface RowRequest {
  readonly request: number;
  readonly slot: number;
  readonly buffers?: LoaderBuffers;
  readonly jobs: readonly RowJob[];
}

export interface RowAnswer {
  readonly request: number;
  readonly rows?: readonly MadeRow[];
  readonly error?: { readonly name: string; readonly message: string; readonly stack: string | undefined };
}

const port = parentPort!;
const slots = new Map<number, LoaderBuffers>();
const started = rowWorker(workerData as RowWorkerStart);
started.catch(() => undefined); // reported with the first request
port.on('message', ({ request, slot, buffers, jobs }: RowRequest) => {
  if (buffers !== undefined) slots.set(slot, buffers);
  const answer = (message: Omit<RowAnswer, 'request'>): void => port.postMessage({ request, ...message });
  started
    .then((work) => work(slots.get(slot)!, jobs))
    .then(
      (rows) => answer({ rows }),
      ({ name, message, stack }: Error) => answer({ error: { name, message, stack } }),
    );
});
