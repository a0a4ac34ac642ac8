import type { Command } from 'commander';
import { trainSchema } from '../config/schemas.js';
import { wholeNumber } from '../options.js';
import { commonStage } from './common-stage.js';
import { stageCommand } from './run-configured-stage.js';
import { isHeatmapConfig, trainHeatmaps } from './train-heatmaps.js';

/** opposable train CONFIG */
export function trainCommand(signal: AbortSignal): Command {
  return stageCommand(
    'train',
    'Train a network with the 2D, 3D, mask and regularisation losses, or one for heat maps (kind: heatmap).',
    trainSchema,
    (config) => ({
      ...commonStage(config),
      kind: 'train',
      weights: config.weights,
      maskSchedule: config.maskSchedule,
      maskSize: config.maskSize,
      variant: config.keypoints3dVariant,
      betaWeight: config.betaWeight,
      original3d: config.original3d,
      parameters: config.parameters,
    }),
    signal,
    { accepts: isHeatmapConfig, run: trainHeatmaps },
  ).option('--epochs <n>', 'instead of epochs, for heat maps', wholeNumber(1));
}
