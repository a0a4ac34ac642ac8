import { ConfigError } from '@opposable/tensor-checks';
import type { WorkFolder } from './work-folder.js';
import type { WorkerPool } from './worker-pool.js';

/** One of `count` parts of the work, from 1: chunk `index`, `index + count`, … */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Items done, those among them that an earlier call had done, and all of the shard. */
export interface WorkProgress {
  readonly done: number;
  readonly resumed: number;
  readonly total: number;
}

/** A part of long work that is done as a whole or not at all. */
export interface Chunk<Task> {
  readonly name: string;
  /** number of its items, for progress */
  readonly size: number;
  readonly task: Task;
}

export interface RunChunksOptions<Task, Result> {
  readonly work: WorkFolder<Result>;
  /** Closed at the end. */
  readonly pool: WorkerPool<Task, Result>;
  /** All chunks, whatever the shard, in the same order every time. */
  readonly chunks: AsyncIterable<Chunk<Task>> | Iterable<Chunk<Task>>;
  /** Default the whole. */
  readonly shard?: Shard | undefined;
  readonly total: number;
  readonly onProgress?: ((progress: WorkProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Throws to refuse a result and end the work. */
  readonly accept?: ((result: Result) => void) | undefined;
}

/** @throws ConfigError if the shard is not one of 1/1 … n/n, or given together with `merge` */
export function checkShard(shard: Shard | undefined, merge: boolean, operation: string): void {
  if (shard === undefined) return;
  if (merge) throw new ConfigError(`${operation}: expected either a shard or merge, got both.`, {});
  const { index, count } = shard;
  if (Number.isInteger(index) && Number.isInteger(count) && index >= 1 && index <= count) return;
  throw new ConfigError(`${operation}: expected a shard from 1/1 to n/n, got ${index}/${count}.`, {
    expected: '1 <= i <= n',
    actual: shard,
  });
}

/**
 * Does the chunks of a shard that are not done yet, on the threads of a pool, and writes each result down when it is there.
 * The order of the results does not matter, so neither does the number of threads.
 *
 * @returns how many chunks this call has made, and how many were there
 * @throws the first error of a chunk, when all that were begun have ended; the signal's reason
 */
export async function runChunks<Task, Result>(
  options: RunChunksOptions<Task, Result>,
): Promise<{ readonly made: number; readonly resumed: number }> {
  const { work, pool, chunks, shard = { index: 1, count: 1 }, total, onProgress, signal, accept } = options;
  const running = new Set<Promise<void>>();
  const counts = { made: 0, resumed: 0 };
  const progress = { done: 0, resumed: 0, total };
  let failure: unknown;
  let turn = 0;
  const advance = (items: number): void => {
    progress.done += items;
    onProgress?.({ ...progress });
  };
  try {
    for await (const { name, size, task } of chunks) {
      signal?.throwIfAborted();
      if (failure !== undefined) throw failure as Error;
      if (turn++ % shard.count !== shard.index - 1) continue;
      if (work.done.has(name)) {
        counts.resumed++;
        progress.resumed += size;
        advance(size);
        continue;
      }
      const doing: Promise<void> = pool
        .run(task)
        .then(async (result) => {
          accept?.(result);
          await work.writeChunk(name, result);
          counts.made++;
          advance(size);
        })
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => running.delete(doing));
      running.add(doing);
      while (running.size >= pool.width) await Promise.race(running);
    }
    await Promise.all(running);
    if (failure !== undefined) throw failure as Error;
    signal?.throwIfAborted();
    return counts;
  } finally {
    await Promise.allSettled(running);
    await pool.close();
  }
}
