import type { Command } from 'commander';
import { trainSchema } from '../config/schemas.js';
import { commonStage } from './common-stage.js';
import { stageCommand } from './run-configured-stage.js';

/** opposable train CONFIG */
export function trainCommand(signal: AbortSignal): Command {
  return stageCommand(
    'train',
    'Train a network with the 2D, 3D, mask and regularisation losses.',
    trainSchema,
    (config) => ({
      ...commonStage(config),
      kind: 'train',
      weights: config.weights,
      maskSchedule: config.maskSchedule,
      variant: config.keypoints3dVariant,
      betaWeight: config.betaWeight,
    }),
    signal,
  );
}
