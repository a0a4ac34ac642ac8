import type { Command } from 'commander';
import { pretrainSchema } from '../config/schemas.js';
import { commonStage } from './common-stage.js';
import { stageCommand } from './run-configured-stage.js';

/** opposable pretrain CONFIG */
export function pretrainCommand(signal: AbortSignal): Command {
  return stageCommand(
    'pretrain',
    'Train a network on the 22 numbers of synthetic hands.',
    pretrainSchema,
    (config) => ({ ...commonStage(config), kind: 'pretrain', weights: config.weights, poseMetric: config.poseMetric }),
    signal,
  );
}
