import { ConfigError } from '@opposable/tensor-checks';
import type { Schedule } from './schedule.js';

export interface StepDecayOptions {
  initial: number;
  /** Multiplies the value at every step. */
  factor: number;
  /** Iterations between two steps. */
  every: number;
}

/** initial · factor^⌊iteration / every⌋. */
export function stepDecay({ initial, factor, every }: StepDecayOptions): Schedule {
  if (!(Number.isInteger(every) && every > 0)) {
    throw new ConfigError(`stepDecay: expected every to be a positive integer, got ${every}.`, {
      expected: 'a positive integer',
      actual: every,
    });
  }
  return (iteration) => initial * factor ** Math.floor(iteration / every);
}
