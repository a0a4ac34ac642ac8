import type { EarlyStop } from './types.js';

const DECIMALS = 1e5;

/**
 * Whether training has come to its end: after `after` epochs, when the mean of the last `window` validation losses, rounded to
 * five decimals, has not fallen below its best for more than `patience` epochs.
 *
 * @param losses validation losses of all epochs so far
 */
export function shouldStop(losses: readonly number[], { after, window, patience }: EarlyStop): boolean {
  let best = Infinity;
  let waited = 0;
  for (let epoch = after; epoch <= losses.length; epoch++) {
    const last = losses.slice(Math.max(0, epoch - window), epoch);
    if (last.length === 0) continue;
    const mean = Math.round((last.reduce((sum, loss) => sum + loss, 0) / last.length) * DECIMALS) / DECIMALS;
    waited = mean < best ? 0 : waited + 1;
    best = Math.min(best, mean);
    if (waited > patience) return true;
  }
  return false;
}
