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
 * Results of `task` for every item, in order, with at most `concurrency` tasks running and that many results ahead of the
 * consumer.
 */
export async function* concurrentMapOf<In, Out>(
  items: AsyncIterable<In> | Iterable<In>,
  task: (item: In) => Promise<Out>,
  concurrency: number,
): AsyncGenerator<Out, void, undefined> {
  const pending: Promise<Out>[] = [];
  try {
    for await (const item of items) {
      const promise = task(item);
      promise.catch(() => undefined); // reported where it is awaited, or not at all if the consumer has left
      pending.push(promise);
      if (pending.length >= concurrency) yield await pending.shift()!;
    }
    while (pending.length > 0) yield await pending.shift()!;
  } finally {
    await Promise.allSettled(pending);
  }
}

/** {@link concurrentMapOf} over 0 … count − 1. */
export function concurrentMap<T>(
  count: number,
  task: (i: number) => Promise<T>,
  concurrency: number,
): AsyncGenerator<T, void, undefined> {
  function* numbers(): Generator<number, void, undefined> {
    for (let i = 0; i < count; i++) yield i;
  }
  return concurrentMapOf(numbers(), task, concurrency);
}
