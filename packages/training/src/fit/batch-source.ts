import type { Batches } from './types.js';

/** A source of batches that fetches the next one while the current one is used. */
export interface BatchSource<Batch> {
  /** The next batch, `undefined` at the end or once aborted, and how long that was waited for. */
  next(): Promise<{ batch: Batch | undefined; waitedSeconds: number }>;
  /** Begins to fetch what the next call of `next` will give. */
  prefetch(): void;
  /** Stops the iterator and frees a batch that was fetched in vain. */
  close(): Promise<void>;
}

export function batchSource<Batch>(
  batches: Batches<Batch>,
  disposeBatch: (batch: Batch) => void,
  signal: AbortSignal | undefined,
): BatchSource<Batch> {
  const iterator = Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
  let pending: Promise<IteratorResult<Batch>> | undefined;
  let done = false;
  const prefetch = (): void => {
    if (pending !== undefined || done) return;
    pending = (async () => iterator.next())();
    pending.catch(() => undefined); // reported by whoever awaits it
  };
  return {
    prefetch,
    async next() {
      const start = performance.now();
      prefetch();
      const result = await orAborted(pending ?? Promise.resolve({ done: true as const, value: undefined }), signal);
      const waitedSeconds = (performance.now() - start) / 1000;
      if (result === 'aborted') return { batch: undefined, waitedSeconds };
      pending = undefined;
      if (result.done) done = true;
      return { batch: result.done ? undefined : result.value, waitedSeconds };
    },
    async close() {
      const last = pending;
      pending = undefined;
      const finished = done;
      done = true;
      const free = last?.then(
        (result) => {
          if (!result.done) disposeBatch(result.value);
        },
        () => undefined,
      );
      // A source that hangs must not hold up an abort: it is told to stop, and its late batch is freed when it comes.
      if (signal?.aborted) void free;
      else await free;
      if (finished) return;
      const stopped = (async () => iterator.return?.())().catch(() => undefined);
      if (!signal?.aborted) await stopped;
    },
  };
}

async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T | 'aborted'> {
  if (signal === undefined) return promise;
  if (signal.aborted) return 'aborted';
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<'aborted'>((resolve) => {
    onAbort = () => resolve('aborted');
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort!);
  }
}
