import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { FREIHAND_CHANNELS } from '@opposable/hand-regressor';
import { chooseBackend, trainHeatmap } from '@opposable/hand-training';
import { ConfigError } from '@opposable/tensor-checks';
import type { Flags } from '../commands/stage-command.js';
import { type HeatmapConfig, heatmapSchema } from '../config/heatmap-schema.js';
import { loadConfig } from '../config/load-config.js';

/** Whether a configuration says `kind: heatmap`; false where it cannot be read, which its own reader then says. */
export async function isHeatmapConfig(path: string): Promise<boolean> {
  try {
    return (parse(await readFile(path, 'utf8')) as { kind?: unknown } | null)?.kind === 'heatmap';
  } catch {
    return false;
  }
}

function modelOf({ model }: HeatmapConfig, { checkpoint, pretrained }: Flags) {
  if (pretrained !== undefined && (checkpoint !== undefined || 'checkpoint' in model)) {
    throw new ConfigError('--pretrained is accepted only for a new network, and this one comes from a checkpoint.', {
      actual: pretrained,
    });
  }
  if (checkpoint !== undefined) return { checkpoint };
  if ('checkpoint' in model) return model;
  const { normalization = FREIHAND_CHANNELS } = model;
  return { ...model, normalization, pretrained: pretrained ?? model.pretrained };
}

/** The branch of `opposable train` for heat maps. */
export async function trainHeatmaps(path: string, flags: Flags, signal: AbortSignal): Promise<void> {
  const config = await loadConfig(path, heatmapSchema);
  if (flags.iterations !== undefined) {
    throw new ConfigError('--iterations is not accepted for heat maps, which count epochs; give --epochs.', {
      expected: '--epochs',
      actual: '--iterations',
    });
  }
  if (flags.overwrite !== undefined) {
    throw new ConfigError('--overwrite is not accepted for heat maps.', { actual: '--overwrite' });
  }
  const model = modelOf(config, flags);
  let { data } = config;
  if (flags.root !== undefined) {
    if (!('reader' in data)) {
      throw new ConfigError('--root is accepted only where the configuration has data.reader.', {
        expected: 'data.reader',
        actual: Object.keys(data),
      });
    }
    data = { ...data, root: flags.root };
  }
  process.stdout.write(`${await chooseBackend(flags.backend)}\n`);
  const { optimizer, loss, augmentation, batchSize, batchesPerEpoch, validationBatches, earlyStop } = config;
  const out = flags.out ?? config.out;
  await trainHeatmap({
    settings: {
      seed: config.seed,
      coding: config.heatmaps,
      loss,
      augmentation,
      negatives: config.negatives,
      optimizer: { ...optimizer, gradientClip: optimizer.gradientClip },
      batchSize,
      epochs: flags.epochs ?? config.epochs,
      batchesPerEpoch,
      validationBatches,
      earlyStop,
      checkpointEvery: config.checkpointEvery,
    },
    model,
    data,
    validation: config.validation,
    out,
    replicas: flags.replicas,
    resume: flags.resume,
    sampleSheet: config.sampleSheet,
    stream: process.stdout,
    signal,
  });
  process.stdout.write(`\nRun: ${out}\n`);
}
