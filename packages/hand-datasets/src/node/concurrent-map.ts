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
