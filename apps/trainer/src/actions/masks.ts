import { addMasks } from '@opposable/hand-datasets/node';
import { createRng } from '@opposable/tensor-checks';
import type { Flags } from '../commands/masks.js';
import { workProgress } from '../work-progress.js';

/** What `opposable masks DATASET` does. */
export async function masksAction(
  path: string,
  { overwrite, replaceOwn, out, sheet, ...options }: Flags,
  signal: AbortSignal,
): Promise<void> {
  const stream = process.stdout;
  const progress = workProgress(stream, 'masking', 'samples');
  const { splits, problems, sheets } = await addMasks(path, {
    ...options,
    replace: replaceOwn ? 'all' : overwrite ? 'made' : 'none',
    ...(out !== undefined && { sheets: { out, count: sheet, rng: createRng(1) } }),
    onProgress: (work) => progress.update(work),
    signal,
  }).finally(() => progress.end());
  for (const [split, { made, kept, failed, skipped }] of Object.entries(splits)) {
    const reasons = Object.entries(failed).map(([reason, count]) => `${count} ${reason}`);
    const without = reasons.length > 0 ? `; without a mask: ${reasons.join(', ')}` : '';
    const unseen = skipped > 0 ? `; ${skipped} not looked at` : '';
    stream.write(`${split}: ${made} masks made, ${kept} kept${without}${unseen}\n`);
  }
  for (const problem of problems.slice(0, 10)) stream.write(`  ${problem}\n`);
  if (problems.length > 10) stream.write('  … and more, see masks/failures.jsonl\n');
  for (const name of sheets) stream.write(`drew ${name}\n`);
}
