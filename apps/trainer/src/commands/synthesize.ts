import { Command, Option } from 'commander';
import { synthesizeHands } from '@opposable/hand-training';
import { wholeNumber } from '../options.js';

interface Flags {
  out: string;
  train: number;
  test: number;
  size?: number;
  seed: number;
  preset: 'demo' | 'seed';
  workers?: number;
  overwrite?: true;
}

/** opposable synthesize --out DIR */
export function synthesizeCommand(signal: AbortSignal): Command {
  return new Command('synthesize')
    .description('Write a prepared dataset of synthetic hands with exact ground truth.')
    .requiredOption('--out <dir>', 'folder of the dataset, new or empty unless --overwrite is given')
    .option('--train <n>', 'images to learn from', wholeNumber(0), 18_000)
    .option('--test <n>', 'images held back', wholeNumber(0), 2_000)
    .option('--size <pixels>', 'side of the images; default the preset’s', wholeNumber(32))
    .option('--seed <n>', 'the same seed gives the same bytes', wholeNumber(0), 1)
    .addOption(
      new Option('--preset <name>', 'ranges of everything that varies').choices(['demo', 'seed']).default('demo'),
    )
    .option('--workers <n>', 'threads; default one per core', wholeNumber(0))
    .option('--overwrite', 'replace a prepared dataset that stands at --out')
    .action(async (flags: Flags) => {
      await synthesizeHands({ ...flags, signal, stream: process.stdout });
    });
}
