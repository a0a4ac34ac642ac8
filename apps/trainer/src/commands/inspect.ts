import { Command } from 'commander';
import { wholeNumber } from '../options.js';

export interface Flags {
  json?: boolean;
  members: number;
}

/** opposable inspect FILE */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('Print what a file holds: its tree, shapes, types and ranges, and what it looks like.')
    .argument('<file>', 'pickle, npy, npz, PyTorch, safetensors, MAT, HDF5 or JSON; a prepared dataset or a run')
    .option('--json', 'print one JSON object')
    .option('--members <n>', 'members shown of one group or list', wholeNumber(1), 40)
    .action(async (file: string, flags: Flags) => (await import('../actions/inspect.js')).inspectAction(file, flags));
}
