import { channelStatistics } from '@opposable/hand-training';
import type { Flags } from '../commands/stats.js';
import { workProgress } from '../work-progress.js';

/** What `opposable stats DATASET` does. */
export async function statsAction(dataset: string, { split, size }: Flags, signal: AbortSignal): Promise<void> {
  const progress = workProgress(process.stdout, 'reading', 'images');
  const { mean, std, count } = await channelStatistics(dataset, {
    ...{ split, size, signal },
    onProgress: (work) => progress.update(work),
  }).finally(() => progress.end());
  const list = (values: readonly number[]): string => values.map((value) => value.toFixed(4)).join(', ');
  process.stdout.write(`${count} images at ${size} × ${size}\n`);
  process.stdout.write(`normalization: { mean: [${list(mean)}], std: [${list(std)}] }\n`);
}
