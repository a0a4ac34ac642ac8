import { Command } from 'commander';
import { wholeNumber } from '../options.js';

export interface Flags {
  field?: string;
  hands: number;
  json?: true;
}

/** opposable inspect-order FILE */
export function inspectOrderCommand(): Command {
  return new Command('inspect-order')
    .description('Guess the order of the 21 keypoints in a file from what a hand looks like, and say how sure that is.')
    .argument('<file>', 'JSON, npy, npz, pickle, MAT, HDF5, safetensors or PyTorch with keypoints [N, 21, 2 or 3]')
    .option('--field <path>', 'only this place of the file, for example annotations.*.keypoints')
    .option('--hands <n>', 'most hands to look at, evenly spread', wholeNumber(1), 200)
    .option('--json', 'print one JSON object')
    .action(async (file: string, flags: Flags) =>
      (await import('../actions/inspect-order.js')).inspectOrderAction(file, flags),
    );
}
