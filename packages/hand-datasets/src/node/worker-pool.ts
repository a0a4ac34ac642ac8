import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '@opposable/tensor-checks';
import { Piscina } from 'piscina';

/** Threads that all do one thing. */
export interface WorkerPool<Task, Result> {
  run(task: Task): Promise<Result>;
  /** Tasks worth having under way at the same time. */
  readonly width: number;
  close(): Promise<void>;
}

/**
 * Threads that run a worker's file.
 *
 * @param worker file whose default export is `run`; there only once the package is built
 * @param run what is done with a task without threads
 * @param workers number of threads; 0 works on this one; default one per core, 0 without a build
 * @param operation name of the caller, for messages
 * @param most threads that can be of use
 * @throws ConfigError if the number is not accepted
 */
export function createWorkerPool<Task, Result>(
  worker: URL,
  run: (task: Task) => Promise<Result>,
  workers: number | undefined,
  operation: string,
  most = Infinity,
): WorkerPool<Task, Result> {
  const available = existsSync(fileURLToPath(worker));
  const threads = workers ?? (available ? availableParallelism() : 0);
  if (!Number.isInteger(threads) || threads < 0 || (threads > 0 && !available)) {
    const accepted = available ? 'an integer from 0' : '0 where the package runs from its sources';
    throw new ConfigError(`${operation}: expected workers as ${accepted}, got ${threads}.`, { actual: threads });
  }
  const used = Math.min(threads, most);
  if (threads === 0) return { run, width: 1, close: () => Promise.resolve() };
  const pool = new Piscina<Task, Result>({ filename: worker.href, minThreads: used, maxThreads: used });
  return { run: (task) => pool.run(task), width: 2 * used, close: () => pool.destroy() };
}
