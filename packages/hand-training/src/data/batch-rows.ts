import type { Rng } from '@opposable/tensor-checks';

export interface RowOptions {
  batchSize: number;
  /** Order of the samples and what is done to them. */
  rng: Rng;
  /** Number of the first batch. Default 0. */
  first?: number;
  /** Of every batch only the part of one replica: rows rank, rank + members, … Default the whole batch. */
  part?: { readonly rank: number; readonly members: number };
}

/** The samples of one batch. */
export interface BatchRows {
  readonly indices: ArrayLike<number>;
  /** For what is done to them. */
  readonly rng: Rng;
}

/**
 * Samples without end: every epoch all in a new random order, the last incomplete batch of an epoch left out (unless there
 * are fewer samples than one batch holds). Batch i depends on the seed and i alone.
 */
export function* batchRows(count: number, options: RowOptions): Generator<BatchRows, never> {
  const { rng, part = { rank: 0, members: 1 }, first = 0 } = options;
  const batchSize = Math.min(options.batchSize, count);
  const perEpoch = Math.floor(count / batchSize);
  const firstEpoch = Math.floor(first / perEpoch);
  for (let epoch = firstEpoch; ; epoch++) {
    const epochRng = rng.split(epoch);
    const order = epochRng.permutation(count);
    const from = epoch === firstEpoch ? (first % perEpoch) * batchSize : 0;
    for (let start = from; start + batchSize <= count; start += batchSize) {
      const indices = order.subarray(start, start + batchSize).filter((_, i) => i % part.members === part.rank);
      yield { indices, rng: epochRng.split(`${start}/${part.rank}`) };
    }
  }
}
