import { ConfigError } from '@opposable/tensor-checks';
import type { AdaptiveSchedule, IterationLosses, ScheduleState } from './adaptive.js';
import { checkFactor } from './plateau.js';
import { NO_PLATEAU_YET, plateauCount, type PlateauCountOptions } from './plateau-count.js';

export interface OnPlateauOptions extends PlateauCountOptions {
  /** The metric is the mean over so many iterations; patience counts these. Default 100. */
  every?: number;
  /** The loss (`'total'`, default) or one of its terms, which does not change with the weights. */
  metric?: string;
}

export interface PlateauDecayOptions extends OnPlateauOptions {
  initial: number;
  /** Multiplies the value at every plateau. Default 0.1. */
  factor?: number;
  /** The value never falls below this. Default 0. */
  minimum?: number;
  /** Iterations over which the value first rises in equal steps. Default 0. */
  warmUp?: number;
}

interface WatchState extends ScheduleState {
  readonly best: number | null;
  readonly waited: number;
  readonly plateaus: number;
  /** Of the metric since the last mean was taken. */
  readonly sum: number;
  readonly count: number;
}

/** The state of a schedule that watches a loss. */
function watcher(
  options: OnPlateauOptions,
  forgetsBest: boolean,
): Pick<AdaptiveSchedule, 'init' | 'update'> & { plateausOf: (state: ScheduleState) => number } {
  const { every = 100, metric = 'total' } = options;
  if (!(Number.isInteger(every) && every > 0)) {
    throw new ConfigError(`plateau: expected every to be a positive integer, got ${every}.`, {
      expected: 'a positive integer',
      actual: every,
    });
  }
  const next = plateauCount(options);
  const metricOf = ({ total, terms }: IterationLosses): number => {
    const value = metric === 'total' ? total : terms[metric];
    if (value !== undefined) return value;
    const known = ['total', ...Object.keys(terms)];
    throw new ConfigError(`plateau: expected the metric to be one of ${known.join(', ')}, got "${metric}".`, {
      expected: known,
      actual: metric,
    });
  };
  return {
    init: () => ({ ...NO_PLATEAU_YET, sum: 0, count: 0 }),
    plateausOf: (state) => (state as WatchState).plateaus,
    update(state, losses) {
      const { sum, count, ...watched } = state as WatchState;
      const total = sum + metricOf(losses);
      if (count + 1 < every) return { ...watched, sum: total, count: count + 1 };
      const after = next(watched, total / every);
      const reached = after.plateaus > watched.plateaus;
      return { ...after, best: reached && forgetsBest ? null : after.best, sum: 0, count: 0 };
    },
  };
}

/**
 * Multiplies a learning rate by `factor` whenever the loss has stopped improving.
 *
 * @throws ConfigError for an option out of range; while training, for a metric that the loss does not have
 *
 * @example
 * const learningRate = plateauDecay({ initial: 1e-3, factor: 0.5, every: 100, patience: 20 });
 */
export function plateauDecay(options: PlateauDecayOptions): AdaptiveSchedule {
  const { initial, factor = 0.1, minimum = 0, warmUp = 0 } = options;
  checkFactor(factor);
  const { plateausOf, ...watch } = watcher(options, false);
  return {
    ...watch,
    value(state, iteration) {
      const rising = iteration < warmUp ? (iteration + 1) / warmUp : 1;
      return rising * Math.max(minimum, initial * factor ** plateausOf(state));
    },
  };
}

/**
 * Goes to the next of several values whenever the loss has stopped improving; what was best before counts no more then.
 *
 * @throws ConfigError without values
 *
 * @example
 * const maskWeight = plateauSteps({ values: [100, 10, 1], metric: 'mask', every: 100, patience: 10 });
 */
export function plateauSteps(options: OnPlateauOptions & { values: readonly number[] }): AdaptiveSchedule {
  const { values } = options;
  if (values.length === 0) {
    throw new ConfigError('plateauSteps: expected at least one value, got none.', { expected: '>= 1', actual: 0 });
  }
  const { plateausOf, ...watch } = watcher(options, true);
  return { ...watch, value: (state) => values[Math.min(plateausOf(state), values.length - 1)]! };
}
