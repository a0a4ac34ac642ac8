import { Command } from 'commander';
import { backendOption, type BackendFlag } from '../backend-option.js';
import { wholeNumber } from '../options.js';

export interface Flags extends BackendFlag {
  root?: string;
  checkpoint?: string;
  pretrained?: string;
  out?: string;
  iterations?: number;
  replicas?: number;
  resume?: true;
  overwrite?: true;
  epochs?: number;
}

/** A command that reads a configuration, runs one stage of training and evaluates it. */
export function stageCommand(name: 'pretrain' | 'train', description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<config>', 'YAML file; see apps/trainer/configs')
    .option('--root <dir>', 'folder of the raw dataset, instead of data.root')
    .option('--checkpoint <run>', 'run to go on from, instead of model, but with its hand')
    .option('--pretrained <file>', 'PyTorch checkpoint that a new network starts from, instead of model.pretrained')
    .option('--out <dir>', 'folder of the run, instead of out')
    .option('--iterations <n>', 'instead of optimizer.iterations', wholeNumber(1))
    .option('--replicas <n>', 'threads that train; default one per core', wholeNumber(1))
    .option('--resume', 'go on from the last checkpoint in the folder of the run, as if nothing had happened')
    .option('--overwrite', 'begin anew although the folder has a stage that was interrupted')
    .addOption(backendOption());
}
