import { ConfigError } from '@opposable/tensor-checks';
import type { Schedule } from './schedule.js';

export interface CosineDecayOptions {
  initial: number;
  /** Value at the end and after it. Default 0. */
  final?: number;
  /** Iterations from the initial to the final value. */
  iterations: number;
}

/** final + (initial − final) · (1 + cos(π · iteration / iterations)) / 2, then final. */
export function cosineDecay({ initial, final = 0, iterations }: CosineDecayOptions): Schedule {
  if (!(iterations > 0)) {
    throw new ConfigError(`cosineDecay: expected iterations above 0, got ${iterations}.`, {
      expected: 'above 0',
      actual: iterations,
    });
  }
  return (iteration) => final + ((initial - final) * (1 + Math.cos(Math.PI * Math.min(1, iteration / iterations)))) / 2;
}
