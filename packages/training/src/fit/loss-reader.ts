import * as tf from '@tensorflow/tfjs-core';
import { TrainingError } from '../training-error.js';

/** Scalars of one iteration that have not been read yet. */
interface Unread {
  iteration: number;
  names: string[];
  scalars: tf.Tensor[];
}

/** The numbers of one iteration. */
export interface ReadLoss {
  readonly iteration: number;
  readonly total: number;
  readonly terms: Readonly<Record<string, number>>;
}

/** Means of what was read since the last call of `takeMeans`. */
export interface LossMeans {
  total: number;
  terms: Record<string, number>;
}

const TOTAL = 'total';

/** Collects the scalars of the loss on the device, reads them in one go and keeps their sums. */
export class LossReader {
  private unread: Unread[] = [];
  private readonly sums = new Map<string, { sum: number; count: number }>();

  /** Takes ownership of the scalars. */
  add(iteration: number, total: tf.Tensor, terms: Readonly<Record<string, tf.Tensor>>): void {
    this.unread.push({ iteration, names: [TOTAL, ...Object.keys(terms)], scalars: [total, ...Object.values(terms)] });
  }

  /**
   * Reads all that has been added.
   *
   * @returns the numbers by iteration
   * @throws TrainingError naming the first iteration whose loss is not finite, and its terms
   */
  async read(): Promise<ReadLoss[]> {
    const unread = this.unread;
    this.unread = [];
    if (unread.length === 0) return [];
    const stacked = tf.tidy(() => tf.stack(unread.flatMap(({ scalars }) => scalars.map((s) => tf.reshape(s, [])))));
    tf.dispose(unread.map(({ scalars }) => scalars));
    const values = await stacked.data<'float32'>();
    stacked.dispose();
    let next = 0;
    const losses: ReadLoss[] = [];
    for (const { iteration, names } of unread) {
      const numbers = names.map((name) => [name, values[next++]!] as const);
      if (numbers.some(([, value]) => !Number.isFinite(value))) throw notFinite(iteration, numbers);
      for (const [name, value] of numbers) {
        const entry = this.sums.get(name) ?? { sum: 0, count: 0 };
        this.sums.set(name, { sum: entry.sum + value, count: entry.count + 1 });
      }
      const [[, total], ...terms] = numbers as [readonly [string, number], ...(readonly [string, number])[]];
      losses.push({ iteration, total, terms: Object.fromEntries(terms) });
    }
    return losses;
  }

  takeMeans(): LossMeans {
    const means = [...this.sums].map(([name, { sum, count }]) => [name, sum / count] as const);
    this.sums.clear();
    const terms = Object.fromEntries(means.filter(([name]) => name !== TOTAL));
    return { total: means.find(([name]) => name === TOTAL)?.[1] ?? NaN, terms };
  }

  dispose(): void {
    tf.dispose(this.unread.map(({ scalars }) => scalars));
    this.unread = [];
  }
}

function notFinite(iteration: number, numbers: readonly (readonly [string, number])[]): TrainingError {
  const listed = numbers.map(([name, value]) => `${name} ${value}`).join(', ');
  return new TrainingError(`fit: expected a finite loss, got ${listed} at iteration ${iteration}.`, {
    expected: 'finite numbers',
    actual: Object.fromEntries(numbers),
    iteration,
    terms: Object.fromEntries(numbers),
  });
}
