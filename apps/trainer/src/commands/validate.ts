import { Command } from 'commander';
import { wholeNumber } from '../options.js';

export interface Flags {
  out?: string;
  sheet: number;
  seed: number;
}

/** opposable validate DATASET */
export function validateCommand(signal: AbortSignal): Command {
  return new Command('validate')
    .description('Check a prepared dataset: hashes, images, annotations; draw random samples to look at.')
    .argument('<dataset>', 'folder of the prepared dataset')
    .option('--out <dir>', 'folder for contact sheets, one PNG per split; without it none are drawn')
    .option('--sheet <n>', 'samples on a sheet', wholeNumber(1), 24)
    .option('--seed <n>', 'which samples are drawn', wholeNumber(0), 1)
    .action(async (path: string, flags: Flags) =>
      (await import('../actions/validate.js')).validateAction(path, flags, signal),
    );
}
