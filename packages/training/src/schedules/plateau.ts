import { ConfigError } from '@opposable/tensor-checks';

export interface PlateauOptions {
  /** Multiplies the value at every plateau. Default 0.1. */
  factor?: number;
  /** Metrics without improvement that are put up with; one more makes a plateau. Default 10. */
  patience?: number;
  /** Smallest relative improvement that counts. Default 1e-4. */
  threshold?: number;
  /** The value never falls below this. Default 0. */
  minimum?: number;
  /** Whether a better metric is smaller or larger. Default `'smaller'`. */
  better?: 'smaller' | 'larger';
}

/** Plain numbers, so that it can stand in a checkpoint. */
export interface PlateauState {
  readonly value: number;
  /** Best metric so far; `null` before the first. */
  readonly best: number | null;
  /** Metrics since the best one. */
  readonly waited: number;
}

export interface Plateau {
  init: (value: number) => PlateauState;
  /** The state after one more metric. */
  update: (state: PlateauState, metric: number) => PlateauState;
}

/**
 * Lowers a learning rate or a loss weight when a metric stops improving (PyTorch's `ReduceLROnPlateau`, relative mode).
 *
 * A schedule is a function of the iteration; this one also depends on what happened, so its state is passed in and out:
 * keep it beside the loop, update it where the metric is known, and let the schedule read `state.value`.
 *
 * @throws ConfigError if factor is outside (0, 1) or patience is not an integer of at least 0
 */
export function plateau(options: PlateauOptions = {}): Plateau {
  const { factor = 0.1, patience = 10, threshold = 1e-4, minimum = 0, better = 'smaller' } = options;
  if (!(factor > 0 && factor < 1)) {
    throw new ConfigError(`plateau: expected factor in (0, 1), got ${factor}.`, { expected: '(0, 1)', actual: factor });
  }
  if (!(Number.isInteger(patience) && patience >= 0)) {
    throw new ConfigError(`plateau: expected patience to be an integer of at least 0, got ${patience}.`, {
      expected: 'an integer of at least 0',
      actual: patience,
    });
  }
  const improves = (metric: number, best: number): boolean =>
    better === 'smaller' ? metric < best * (1 - threshold) : metric > best * (1 + threshold);
  return {
    init: (value) => ({ value, best: null, waited: 0 }),
    update(state, metric) {
      if (state.best === null || improves(metric, state.best)) return { ...state, best: metric, waited: 0 };
      const waited = state.waited + 1;
      if (waited <= patience) return { ...state, waited };
      return { value: Math.max(minimum, state.value * factor), best: state.best, waited: 0 };
    },
  };
}
