import type { Command } from 'commander';
import { type Flags, stageCommand } from './stage-command.js';

/** opposable pretrain CONFIG */
export function pretrainCommand(signal: AbortSignal): Command {
  return stageCommand('pretrain', 'Train a network on the 22 numbers of synthetic hands.').action(
    async (path: string, flags: Flags) => (await import('../actions/pretrain.js')).pretrainAction(path, flags, signal),
  );
}
