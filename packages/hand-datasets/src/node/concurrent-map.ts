import { ConfigError } from '@opposable/tensor-checks';

/** Tasks that run side by side unless the caller says otherwise. */
export const DEFAULT_CONCURRENCY = 8;

/** The number of tasks to run side by side. @throws ConfigError if it is not a positive whole number */
export function checkConcurrency(concurrency: number | undefined, operation: string): number {
  const count = concurrency ?? DEFAULT_CONCURRENCY;
  if (!Number.isInteger(count) || count < 1) {
    throw new ConfigError(`${operation}: expected a concurrency of at least 1, got ${count}.`, {
      expected: '>= 1',
      actual: count,
    });
  }
  return count;
}

/**
 * Results of `task` for 0 … count − 1, in order, with at most `concurrency` tasks running and that many results ahead
 * of the consumer.
 */
export async function* concurrentMap<T>(
  count: number,
  task: (i: number) => Promise<T>,
  concurrency: number,
): AsyncGenerator<T, void, undefined> {
  const pending: Promise<T>[] = [];
  let next = 0;
  try {
    while (next < count || pending.length > 0) {
      while (next < count && pending.length < concurrency) {
        const promise = task(next++);
        promise.catch(() => undefined); // reported where it is awaited, or not at all if the consumer has left
        pending.push(promise);
      }
      yield await pending.shift()!;
    }
  } finally {
    await Promise.allSettled(pending);
  }
}
