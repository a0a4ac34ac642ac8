import { ConfigError, type Rng } from '@opposable/tensor-checks';

/** One of several data sets that are mixed. */
export interface PlannedSource {
  /** Samples; Infinity for a stream without end. */
  readonly count: number;
  /** Share of the samples, next to the other weights. */
  readonly weight: number;
}

export interface PlannedSample {
  /** Counted from 0 over the whole training. */
  readonly position: number;
  /** Which data set. */
  readonly source: number;
  /** How many samples of this data set came before. */
  readonly turn: number;
  /** Which of its samples. */
  readonly index: number;
}

/**
 * Which sample stands where: a function of seed and position alone, so that a run can go on from anywhere.
 *
 * At every position the data set comes that lags most behind its share, so that after any number of samples each has had its
 * share within one sample. Each data set is gone through in a new random order every time; a stream is taken as it comes.
 *
 * @returns the samples from position `first` on, without end
 * @throws ConfigError if there is no data set, or a weight or a count that is not positive
 */
export function* samplePlan(sources: readonly PlannedSource[], rng: Rng, first = 0): Generator<PlannedSample, never> {
  const sum = sources.reduce((total, { weight }) => total + weight, 0);
  if (sources.length === 0 || !sources.every(({ weight, count }) => weight > 0 && weight < Infinity && count > 0)) {
    throw new ConfigError('samplePlan: expected data sets with samples and weights above 0.', {
      expected: { count: '> 0', weight: '> 0' },
      actual: sources,
    });
  }
  const turns = sources.map(() => 0);
  const orders = sources.map((): { epoch: number; order: Uint32Array } => ({ epoch: -1, order: new Uint32Array() }));
  const indexOf = (source: number, turn: number): number => {
    const { count } = sources[source]!;
    if (count === Infinity) return turn;
    const epoch = Math.floor(turn / count);
    if (orders[source]!.epoch !== epoch) {
      orders[source] = { epoch, order: rng.split(`order ${source}`).split(epoch).permutation(count) };
    }
    return orders[source]!.order[turn % count]!;
  };
  for (let position = 0; ; position++) {
    let source = 0;
    let largest = -Infinity;
    for (let s = 0; s < sources.length; s++) {
      const lag = (sources[s]!.weight / sum) * (position + 1) - turns[s]!;
      if (lag > largest + 1e-9) [largest, source] = [lag, s];
    }
    const turn = turns[source]!++;
    if (position >= first) yield { position, source, turn, index: indexOf(source, turn) };
  }
}
