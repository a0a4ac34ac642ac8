import { join } from 'node:path';
import { writeSafetensors } from '@opposable/array-files';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { type StepFailure, storeTensors } from '@opposable/training';
import type { HandBatch } from '../../data/batches.js';

/**
 * Saves the batch of a step that could not be taken: `<folder>/batch-<rank>.safetensors` with its tensors, and beside it as
 * JSON the iteration, the loss terms and the names of the samples.
 */
export async function saveFailure(
  folder: string,
  rank: number,
  { batch, error }: StepFailure<HandBatch>,
): Promise<void> {
  const { iteration, terms, message } = error;
  const about = { iteration, message, terms: texts(terms), samples: batch?.names ?? null };
  await writeFileAtomic(join(folder, `batch-${rank}.json`), `${JSON.stringify(about, null, 1)}\n`);
  if (batch === undefined) return;
  const { size: _size, names: _names, dispose: _dispose, ...tensors } = batch;
  const stored = await storeTensors(tensors);
  await writeFileAtomic(join(folder, `batch-${rank}.safetensors`), writeSafetensors(stored));
}

/** JSON has no NaN. */
function texts(terms: Readonly<Record<string, number>>): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(terms).map(([name, value]) => [name, Number.isFinite(value) ? value : String(value)]),
  );
}
