import { Command, Option } from 'commander';
import { READER_NAMES, type ReaderName } from '@opposable/hand-datasets/choices';
import { type BackendFlag, backendOption } from '../backend-option.js';
import { wholeNumber, wholeNumbers } from '../options.js';
import { readerOptionFlag, type ReaderOptionValues } from '../reader-options.js';

export interface Flags extends BackendFlag {
  reader: ReaderName;
  coefficients: number[];
  readerOption?: ReaderOptionValues;
  rows?: number[];
  iterations?: number;
  out: string;
}

/** opposable fit ROOT --reader ge-realworld --out DIR */
export function fitCommand(signal: AbortSignal): Command {
  return new Command('fit')
    .description('Fit the open hand to labelled photographs, without a network: errors, parameters and overlays.')
    .argument('<root>', 'folder of the dataset')
    .addOption(
      new Option('--reader <name>', 'which dataset the folder holds').choices(READER_NAMES).makeOptionMandatory(),
    )
    .addOption(readerOptionFlag())
    .requiredOption('--out <dir>', 'folder for fit.json and the pictures')
    .option('--coefficients <list>', 'numbers of pose coefficients, one fit each', wholeNumbers, [6, 45])
    .option('--rows <list>', 'records to fit, for example 0,50,100; default all whose image is there', wholeNumbers)
    .option('--iterations <n>', 'steps of each fit; default 500', wholeNumber(1))
    .addOption(backendOption())
    .action(async (root: string, flags: Flags) => (await import('../actions/fit.js')).fitAction(root, flags, signal));
}
