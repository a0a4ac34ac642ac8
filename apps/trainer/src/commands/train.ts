import type { Command } from 'commander';
import { wholeNumber } from '../options.js';
import { type Flags, stageCommand } from './stage-command.js';

/** opposable train CONFIG */
export function trainCommand(signal: AbortSignal): Command {
  return stageCommand(
    'train',
    'Train a network with the 2D, 3D, mask and regularisation losses, or one for heat maps (kind: heatmap).',
  )
    .option('--epochs <n>', 'instead of epochs, for heat maps', wholeNumber(1))
    .action(async (path: string, flags: Flags) =>
      (await import('../actions/train.js')).trainAction(path, flags, signal),
    );
}
