import { Command } from 'commander';
import { type BackendFlag, backendOption } from '../backend-option.js';
import { wholeNumber } from '../options.js';

export interface Flags extends BackendFlag {
  out: string;
  short?: true;
  seed?: number;
  replicas?: number;
}

/** opposable demo */
export function demoCommand(signal: AbortSignal): Command {
  return new Command('demo')
    .description('From nothing to a trained hand regressor: synthesise, pretrain, train, evaluate, report.')
    .option('--out <dir>', 'folder of the run', 'runs/demo')
    .option('--short', 'a few seconds of training: shows that everything works and that the network learns')
    .option('--seed <n>', 'another seed: other hands, other weights', wholeNumber(0))
    .option('--replicas <n>', 'threads that train; default one per core', wholeNumber(1))
    .addOption(backendOption())
    .action(async (flags: Flags) => (await import('../actions/demo.js')).demoAction(flags, signal));
}
