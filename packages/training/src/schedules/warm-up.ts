import { ConfigError } from '@opposable/tensor-checks';
import { type Schedule, toSchedule } from './schedule.js';

export interface WarmUpOptions {
  /** Length of the warm-up. */
  iterations: number;
  /** What follows; its own count starts when the warm-up is over. */
  then: number | Schedule;
}

/** Rises in equal steps to what the following schedule starts with: then(0) · (iteration + 1) / iterations, then that schedule. */
export function warmUp({ iterations, then }: WarmUpOptions): Schedule {
  if (!(Number.isInteger(iterations) && iterations >= 0)) {
    throw new ConfigError(`warmUp: expected iterations to be an integer of at least 0, got ${iterations}.`, {
      expected: 'an integer of at least 0',
      actual: iterations,
    });
  }
  const next = toSchedule(then);
  return (iteration) =>
    iteration < iterations ? (next(0) * (iteration + 1)) / iterations : next(iteration - iterations);
}
