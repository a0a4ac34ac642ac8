import { availableParallelism } from 'node:os';
import type { HandSample } from '@opposable/hand-datasets';
import { loadOpenHand } from '@opposable/open-hand';
import { ConfigError } from '@opposable/tensor-checks';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import { resolveSettings, settingsAmong, type SynthesizeHandOptions } from '../settings/synthesis-options.js';
import type { Batch } from './make-batch.js';
import { makeBatches, workersAvailable } from './make-batches.js';

export interface StreamHandsOptions extends Omit<SynthesizeHandOptions, 'buffers'> {
  readonly seed: number | string;
  /** Default the open right hand. */
  readonly model?: ManoModel | undefined;
  /** Names the part of the data. Default 'train'. */
  readonly split?: string | undefined;
  /** First sample. Default 0. */
  readonly start?: number | undefined;
  /** How many samples. Default Infinity: until the consumer stops. */
  readonly count?: number | undefined;
  /** Threads; 0 works on this one. The samples do not depend on it. Default one per core, 0 without a build. */
  readonly workers?: number | undefined;
  /** Samples that a thread makes at a time; each is at most two such parts ahead. Default 16. */
  readonly batch?: number | undefined;
}

function* consecutive(split: string, start: number, count: number, size: number): Generator<Batch> {
  for (let done = 0; done < count; done += size) {
    yield { split, start: start + done, count: Math.min(size, count - done) };
  }
}

/**
 * The samples of `streamSyntheticHands`, made by worker threads while the consumer works: an endless supply for training,
 * with no disk. Threads stop when they are two parts ahead, and end when the consumer leaves the loop.
 *
 * @throws ConfigError for an option that is not accepted, before the first sample
 *
 * @example
 * for await (const hand of streamHands({ seed: 7, preset: 'realistic', size: 128 })) if (train(hand)) break;
 */
export async function* streamHands(options: StreamHandsOptions): AsyncGenerator<HandSample, void, undefined> {
  const { seed, model, split = 'train', start = 0, count = Infinity, batch = 16 } = options;
  const workers = options.workers ?? (workersAvailable() ? availableParallelism() : 0);
  for (const [name, value, least] of [
    ['start', start, 0],
    ['batch', batch, 1],
    ['workers', workers, 0],
    ['count', count === Infinity ? 0 : count, 0],
  ] as const) {
    if (Number.isInteger(value) && value >= least) continue;
    throw new ConfigError(`streamHands: expected ${name} as an integer from ${least}, got ${value}.`, {
      expected: `>= ${least}`,
      actual: value,
    });
  }
  if (workers > 0 && !workersAvailable()) {
    throw new ConfigError(
      `streamHands: expected workers 0 where the package runs from its sources, got ${workers}; build it to use threads.`,
      { expected: 0, actual: workers },
    );
  }
  const synthesis = settingsAmong(options);
  resolveSettings(synthesis);
  const task = { model: model ?? loadOpenHand('right'), seed, synthesis };
  for await (const { samples } of makeBatches(task, consecutive(split, start, count, batch), workers)) yield* samples;
}
