import { validateDataset } from '@opposable/hand-datasets/node';
import { createRng, DatasetError } from '@opposable/tensor-checks';
import type { Flags } from '../commands/validate.js';
import { workProgress } from '../work-progress.js';

/** Problems that are written out. */
const LISTED = 20;

/** What `opposable validate DATASET` does. */
export async function validateAction(path: string, { out, sheet, seed }: Flags, signal: AbortSignal): Promise<void> {
  const stream = process.stdout;
  const progress = workProgress(stream, 'checking', 'samples');
  const { splits, faults, problemCount, problems, sheets } = await validateDataset(path, {
    ...(out !== undefined && { sheets: { out, count: sheet, rng: createRng(seed) } }),
    onProgress: (done, total) => progress.update({ done, total }),
    signal,
  }).finally(() => progress.end());
  for (const [split, { count, masks, depths, with3d, withMano, faults: kinds }] of Object.entries(splits)) {
    const found = Object.entries(kinds).map(([kind, number]) => `${number} ${kind}`);
    const verdict = found.length > 0 ? `faults: ${found.join(', ')}` : 'no faults';
    stream.write(
      `${split}: ${count} samples, ${masks} masks, ${depths > 0 ? `${depths} depth maps, ` : ''}${with3d} with 3D, ${withMano} with MANO; ${verdict}\n`,
    );
  }
  for (const problem of problems.slice(0, LISTED)) stream.write(`  ${problem}\n`);
  if (problemCount > LISTED) stream.write(`  … and ${problemCount - LISTED} more\n`);
  for (const name of sheets) stream.write(`drew ${name}\n`);
  if (faults > 0) {
    throw new DatasetError(`validate: expected every sample of ${path} to be sound, found ${faults} with faults.`, {
      expected: 0,
      actual: faults,
    });
  }
}
