import { Command } from 'commander';
import { wholeNumber } from '../options.js';

export interface Flags {
  split: string;
  size: number;
}

/** opposable stats DATASET */
export function statsCommand(signal: AbortSignal): Command {
  return new Command('stats')
    .description('Mean and deviation of the colour channels of a prepared dataset, as a configuration takes them.')
    .argument('<dataset>', 'folder of the prepared dataset')
    .option('--split <name>', 'split to measure', 'train')
    .option('--size <n>', 'side that the images are brought to first, as the network sees them', wholeNumber(1), 128)
    .action(async (dataset: string, flags: Flags) =>
      (await import('../actions/stats.js')).statsAction(dataset, flags, signal),
    );
}
