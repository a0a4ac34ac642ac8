import type { Command } from 'commander';
import { pretrainSchema } from '../config/schemas.js';
import { ConfigError } from '@opposable/tensor-checks';
import { commonStage } from './common-stage.js';
import { stageCommand } from './run-configured-stage.js';
import { isHeatmapConfig } from './train-heatmaps.js';

function refuseHeatmaps(path: string): Promise<never> {
  throw new ConfigError(
    `${path}: kind: heatmap is the configuration of a heat-map network, which "opposable train" trains.`,
    {
      expected: 'the configuration of a hand regressor',
      actual: 'kind: heatmap',
    },
  );
}

/** opposable pretrain CONFIG */
export function pretrainCommand(signal: AbortSignal): Command {
  return stageCommand(
    'pretrain',
    'Train a network on the 22 numbers of synthetic hands.',
    pretrainSchema,
    (config) => {
      const { weights, poseMetric, rotationMetric } = config;
      return { ...commonStage(config), kind: 'pretrain', weights, poseMetric, rotationMetric };
    },
    signal,
    { accepts: isHeatmapConfig, run: refuseHeatmaps },
  );
}
