import { availableParallelism } from 'node:os';
import type { PreparedDatasetInfo } from '@opposable/hand-datasets';
import { createPreparedDatasetWriter } from '@opposable/hand-datasets/node';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { ConfigError } from '@opposable/tensor-checks';
import { resolveSettings, settingsAmong, type SynthesizeHandOptions } from '../settings/synthesis-options.js';
import type { Batch } from './make-batch.js';
import { makeBatches, workersAvailable } from './make-batches.js';

export interface SynthesizeDatasetOptions extends Omit<SynthesizeHandOptions, 'buffers'> {
  /** Folder of the dataset, new or empty. */
  readonly out: string;
  readonly seed: number | string;
  /** Number of samples of the split `train`; 0 leaves the split out. */
  readonly train: number;
  /** Number of samples of the split `test`, drawn from another part of the seed. */
  readonly test: number;
  /** Default the open right hand. */
  readonly model?: ManoModel | undefined;
  /** Threads; 0 works on this one. The bytes do not depend on it. Default one per core, 0 without a build. */
  readonly workers?: number | undefined;
  /** Default 'jpeg'. Masks are PNG. */
  readonly imageFormat?: 'jpeg' | 'png' | undefined;
  /** 1–100. Default 92. */
  readonly jpegQuality?: number | undefined;
  /** Replaces a prepared dataset that stands at `out`; anything else is never replaced. Default false. */
  readonly overwrite?: boolean | undefined;
  /** Kept in dataset.json. */
  readonly command?: string | undefined;
  /** Called after every batch. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
  /** Stops the work; nothing is left behind. */
  readonly signal?: AbortSignal | undefined;
}

const BATCH = 32;

function checkCounts(counts: Readonly<Record<'train' | 'test' | 'workers', number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isInteger(value) || value < 0) {
      throw new ConfigError(`synthesizeDataset: expected ${name} as an integer from 0, got ${value}.`, {
        expected: 'an integer from 0',
        actual: value,
      });
    }
  }
  if (counts.train + counts.test === 0) {
    throw new ConfigError('synthesizeDataset: expected at least one sample in train or test, got none.', {
      expected: '>= 1',
      actual: 0,
    });
  }
  if (counts.workers > 0 && !workersAvailable()) {
    throw new ConfigError(
      `synthesizeDataset: expected workers 0 where the package runs from its sources, got ${counts.workers}; build it to use threads.`,
      { expected: 0, actual: counts.workers },
    );
  }
}

/**
 * Writes a prepared dataset of synthetic hands. It appears complete or not at all; the same seed and settings give the
 * same bytes, whatever the number of workers.
 *
 * @returns what dataset.json says
 * @throws ConfigError for an option that is not accepted; DatasetError if `out` holds something; the signal's reason
 *
 * @example
 * await synthesizeDataset({ out: 'runs/synthetic', seed: 1, train: 8000, test: 500, size: 96 });
 */
export async function synthesizeDataset(options: SynthesizeDatasetOptions): Promise<PreparedDatasetInfo> {
  const { out, seed, train, test, model, workers, imageFormat, jpegQuality, overwrite, command, onProgress, signal } =
    options;
  const synthesis = settingsAmong(options);
  const settings = resolveSettings(synthesis);
  const threads = workers ?? (workersAvailable() ? availableParallelism() : 0);
  checkCounts({ train, test, workers: threads });
  const splits = Object.entries({ train, test });
  const batches = splits.flatMap(([split, count]) =>
    Array.from({ length: Math.ceil(count / BATCH) }, (_, i): Batch => {
      const start = i * BATCH;
      return { split, start, count: Math.min(BATCH, count - start) };
    }),
  );
  signal?.throwIfAborted();
  const hand = model ?? loadOpenHand('right');
  const writer = await createPreparedDatasetWriter(out, {
    imageSize: settings.size,
    keypointOrder: synthesis.keypointOrder ?? 'panoptic',
    imageFormat,
    jpegQuality,
    overwrite,
    command,
    metadata: {
      generator: '@opposable/hand-synthesis',
      seed,
      hand: { topology: hand.topology, side: hand.side },
      preset: synthesis.preset ?? 'demo',
      settings,
    },
  });
  let done = 0;
  try {
    for await (const { split, samples } of makeBatches({ model: hand, seed, synthesis }, batches, threads)) {
      for (const sample of samples) {
        signal?.throwIfAborted();
        await writer.add(split, sample);
      }
      done += samples.length;
      onProgress?.({ done, total: train + test });
    }
    signal?.throwIfAborted();
    return await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
