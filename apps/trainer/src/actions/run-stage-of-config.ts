import type { z } from 'zod';
import { type AnyStage, chooseBackend, runConfiguredStage } from '@opposable/hand-training';
import { ConfigError } from '@opposable/tensor-checks';
import type { Flags } from '../commands/stage-command.js';
import { loadConfig } from '../config/load-config.js';
import type { pretrainSchema, trainSchema } from '../config/schemas.js';

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

/** Reads a configuration, runs one stage of training and evaluates it. */
export async function runStageOfConfig<S extends typeof pretrainSchema | typeof trainSchema>(
  path: string,
  flags: Flags,
  { schema, toStage, signal }: { schema: S; toStage: (config: z.output<S>) => AnyStage; signal: AbortSignal },
): Promise<void> {
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
}
