import { Command, Option } from 'commander';
import { MASK_PRESETS, type MaskPreset } from '@opposable/hand-datasets/choices';
import { wholeNumber } from '../options.js';

export interface Flags {
  preset: MaskPreset;
  overwrite?: true;
  replaceOwn?: true;
  restart?: true;
  workers?: number;
  limit?: number;
  seed: number;
  out?: string;
  sheet: number;
}

/** opposable masks DATASET */
export function masksCommand(signal: AbortSignal): Command {
  return new Command('masks')
    .description('Give a prepared dataset masks by GrabCut, started from the skeletons; masks that it has are kept.')
    .argument('<dataset>', 'folder of the prepared dataset')
    .addOption(
      new Option('--preset <name>', 'how wide the hand is looked for around the skeleton')
        .choices(Object.keys(MASK_PRESETS))
        .default('3dhand'),
    )
    .option('--overwrite', 'make the masks anew that an earlier run has made')
    .option('--replace-own', 'make every mask anew, also those that came with the dataset')
    .option('--restart', 'throw away what an earlier run has left unfinished')
    .option('--workers <n>', 'threads; default one per core', wholeNumber(0))
    .option('--limit <n>', 'only the first so many samples of every split', wholeNumber(1))
    .option('--seed <n>', 'seed of the clustering of colours', wholeNumber(0), 0)
    .option('--out <dir>', 'folder for contact sheets of new masks, one PNG per split; without it none are drawn')
    .option('--sheet <n>', 'samples on a sheet', wholeNumber(1), 24)
    .action(async (path: string, flags: Flags) =>
      (await import('../actions/masks.js')).masksAction(path, flags, signal),
    );
}
