import { Command } from 'commander';
import { channelStatistics } from '@opposable/hand-training';
import { wholeNumber } from '../options.js';
import { workProgress } from '../work-progress.js';

/** opposable stats DATASET */
export function statsCommand(signal: AbortSignal): Command {
  return new Command('stats')
    .description('Mean and deviation of the colour channels of a prepared dataset, as a configuration takes them.')
    .argument('<dataset>', 'folder of the prepared dataset')
    .option('--split <name>', 'split to measure', 'train')
    .option('--size <n>', 'side that the images are brought to first, as the network sees them', wholeNumber(1), 128)
    .action(async (dataset: string, { split, size }: { split: string; size: number }) => {
      const progress = workProgress(process.stdout, 'reading', 'images');
      const { mean, std, count } = await channelStatistics(dataset, {
        ...{ split, size, signal },
        onProgress: (work) => progress.update(work),
      }).finally(() => progress.end());
      const list = (values: readonly number[]): string => values.map((value) => value.toFixed(4)).join(', ');
      process.stdout.write(`${count} images at ${size} × ${size}\n`);
      process.stdout.write(`normalization: { mean: [${list(mean)}], std: [${list(std)}] }\n`);
    });
}
