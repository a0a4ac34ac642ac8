import { Command } from 'commander';
import { shardOf, wholeNumber } from '../options.js';

export interface Flags {
  limit?: number;
  shard?: { index: number; count: number };
  merge?: true;
  dryRun?: true;
  restart?: true;
  overwrite?: true;
  strict?: true;
  workers?: number;
}

/** opposable prepare CONFIG */
export function prepareCommand(signal: AbortSignal): Command {
  return new Command('prepare')
    .description('Bring datasets into one format: reordered, mirrored, cropped, resized, annotations moved along.')
    .argument(
      '<config>',
      'YAML that names datasets, roots, splits and options; see apps/trainer/configs/prepare-*.yaml',
    )
    .option('--limit <n>', 'at most so many records of every source', wholeNumber(1))
    .option('--shard <i/n>', 'prepare one of n parts only; join them with --merge', shardOf)
    .option('--merge', 'join the finished shards')
    .option('--dry-run', 'only read the annotations, look for the images, and report')
    .option('--restart', 'throw away what an earlier run has left unfinished')
    .option('--overwrite', 'replace a prepared dataset that stands there')
    .option('--strict', 'stop at the first record that cannot be used')
    .option('--workers <n>', 'threads; default one per core', wholeNumber(0))
    .action(async (file: string, flags: Flags) =>
      (await import('../actions/prepare.js')).prepareAction(file, flags, signal),
    );
}
