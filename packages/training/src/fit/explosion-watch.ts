import { ConfigError } from '@opposable/tensor-checks';
import { TrainingError } from '../training-error.js';
import type { ReadLoss } from './loss-reader.js';

/** Losses that a mean is made of before anything can exceed it. */
const FIRST = 20;
const MEMORY = 0.95;

/** Notices a loss that is many times what it was. */
export class ExplosionWatch {
  private mean = 0;
  private seen = 0;

  constructor(private readonly factor: number) {
    if (factor > 1) return;
    throw new ConfigError(`fit: expected explosionFactor above 1, got ${factor}.`, { expected: '> 1', actual: factor });
  }

  /** @throws TrainingError naming iteration and terms */
  check(losses: readonly ReadLoss[]): void {
    for (const { iteration, total, terms } of losses) {
      const size = Math.abs(total);
      if (this.seen >= FIRST && size > this.factor * this.mean) {
        const listed = Object.entries({ total, ...terms }).map(([name, value]) => `${name} ${value}`);
        throw new TrainingError(
          `fit: expected a loss of at most ${this.factor} times the recent ${this.mean.toPrecision(4)}, got ${listed.join(', ')} at iteration ${iteration}.`,
          { expected: this.factor * this.mean, actual: total, iteration, terms: { total, ...terms } },
        );
      }
      this.mean =
        this.seen < FIRST ? (this.mean * this.seen + size) / (this.seen + 1) : MEMORY * this.mean + (1 - MEMORY) * size;
      this.seen++;
    }
  }
}
