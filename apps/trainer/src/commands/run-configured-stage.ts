import { Command } from 'commander';
import type { z } from 'zod';
import { type AnyStage, chooseBackend, runConfiguredStage } from '@opposable/hand-training';
import { ConfigError } from '@opposable/tensor-checks';
import { backendOption, type BackendFlag } from '../backend-option.js';
import { loadConfig } from '../config/load-config.js';
import type { pretrainSchema, trainSchema } from '../config/schemas.js';
import { wholeNumber } from '../options.js';

interface Flags extends BackendFlag {
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

/** Another kind of configuration that the same command takes. */
export interface OtherKind {
  accepts(path: string): Promise<boolean>;
  run(path: string, flags: Flags, signal: AbortSignal): Promise<void>;
}

type Config = z.output<typeof pretrainSchema> | z.output<typeof trainSchema>;

/** What a configuration says, with what the command line puts in its place. */
function withFlags<C extends Config>(config: C, flags: Flags): C {
  let { data, model, optimizer } = config;
  if (flags.root !== undefined) {
    if (!('reader' in data)) {
      throw new ConfigError(
        `--root is accepted only where the configuration has data.reader, and it has data.${Object.keys(data)[0]}.`,
        {
          expected: 'data.reader',
          actual: Object.keys(data),
        },
      );
    }
    data = { ...data, root: flags.root };
  }
  if (flags.checkpoint !== undefined) {
    model = { checkpoint: flags.checkpoint, ...(model.hand === undefined ? {} : { hand: model.hand }) };
  }
  if (flags.pretrained !== undefined) {
    if ('checkpoint' in model) {
      throw new ConfigError('--pretrained is accepted only for a new network, and this one comes from a checkpoint.', {
        expected: 'model.encoder',
        actual: 'model.checkpoint',
      });
    }
    model = { ...model, pretrained: flags.pretrained };
  }
  if (flags.iterations !== undefined) optimizer = { ...optimizer, iterations: flags.iterations };
  return { ...config, data, model, optimizer, out: flags.out ?? config.out };
}

/** A command that reads a configuration, runs one stage of training and evaluates it. */
export function stageCommand<S extends typeof pretrainSchema | typeof trainSchema>(
  name: 'pretrain' | 'train',
  description: string,
  schema: S,
  toStage: (config: z.output<S>) => AnyStage,
  signal: AbortSignal,
  other?: OtherKind,
): Command {
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
    .addOption(backendOption())
    .action(async (path: string, flags: Flags) => {
      if (other !== undefined && (await other.accepts(path))) return other.run(path, flags, signal);
      if (flags.epochs !== undefined) {
        throw new ConfigError('--epochs is accepted only for heat maps (kind: heatmap); give --iterations.', {
          expected: '--iterations',
          actual: '--epochs',
        });
      }
      const config = withFlags((await loadConfig(path, schema)) as Config, flags);
      process.stdout.write(`${await chooseBackend(flags.backend)}\n`);
      await runConfiguredStage({
        stage: toStage(config as z.output<S>),
        model: config.model,
        data: { sources: 'mix' in config.data ? config.data.mix : [config.data], loader: config.loader },
        validation: config.validation,
        out: config.out,
        seed: config.seed,
        replicas: flags.replicas,
        keep: config.keep,
        resume: flags.resume,
        overwrite: flags.overwrite,
        stream: process.stdout,
        signal,
      });
    });
}
