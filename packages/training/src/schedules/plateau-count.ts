import { ConfigError } from '@opposable/tensor-checks';

export interface PlateauCountOptions {
  /** Metrics without improvement that are put up with; one more makes a plateau. Default 10. */
  patience?: number;
  /** Smallest relative improvement that counts. Default 1e-4. */
  threshold?: number;
  /** Whether a better metric is smaller or larger. Default `'smaller'`. */
  better?: 'smaller' | 'larger';
}

/** Plain numbers, so that it can stand in a checkpoint. */
export interface PlateauCount {
  /** Best metric so far; `null` before the first. */
  readonly best: number | null;
  /** Metrics since the best one, or since the last plateau. */
  readonly waited: number;
  readonly plateaus: number;
}

export const NO_PLATEAU_YET: PlateauCount = { best: null, waited: 0, plateaus: 0 };

/**
 * Counts how often a metric has stopped improving (the rule of PyTorch's `ReduceLROnPlateau`, relative mode).
 *
 * @returns the count after one more metric
 * @throws ConfigError if patience is not an integer of at least 0
 */
export function plateauCount(options: PlateauCountOptions = {}): (count: PlateauCount, metric: number) => PlateauCount {
  const { patience = 10, threshold = 1e-4, better = 'smaller' } = options;
  if (!(Number.isInteger(patience) && patience >= 0)) {
    throw new ConfigError(`plateau: expected patience to be an integer of at least 0, got ${patience}.`, {
      expected: 'an integer of at least 0',
      actual: patience,
    });
  }
  const improves = (metric: number, best: number): boolean =>
    better === 'smaller' ? metric < best * (1 - threshold) : metric > best * (1 + threshold);
  return (count, metric) => {
    if (count.best === null || improves(metric, count.best)) return { ...count, best: metric, waited: 0 };
    if (count.waited < patience) return { ...count, waited: count.waited + 1 };
    return { ...count, waited: 0, plateaus: count.plateaus + 1 };
  };
}
