import { ConfigError } from '@opposable/tensor-checks';
import { plateauCount, type PlateauCountOptions } from './plateau-count.js';

export interface PlateauOptions extends PlateauCountOptions {
  /** Multiplies the value at every plateau. Default 0.1. */
  factor?: number;
  /** The value never falls below this. Default 0. */
  minimum?: number;
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
 * For a metric of one's own, as an error on held-back data: keep the state beside the loop, update it where the metric is
 * known, and let the schedule read `state.value`. `plateauDecay` does all that with the training loss.
 *
 * @throws ConfigError if factor is outside (0, 1) or patience is not an integer of at least 0
 */
export function plateau(options: PlateauOptions = {}): Plateau {
  const { factor = 0.1, minimum = 0 } = options;
  checkFactor(factor);
  const next = plateauCount(options);
  return {
    init: (value) => ({ value, best: null, waited: 0 }),
    update({ value, best, waited }, metric) {
      const { plateaus, ...count } = next({ best, waited, plateaus: 0 }, metric);
      return { value: plateaus > 0 ? Math.max(minimum, value * factor) : value, ...count };
    },
  };
}

export function checkFactor(factor: number): void {
  if (factor > 0 && factor < 1) return;
  throw new ConfigError(`plateau: expected factor in (0, 1), got ${factor}.`, { expected: '(0, 1)', actual: factor });
}
