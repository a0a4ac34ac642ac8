import type { Flags } from '../commands/stage-command.js';
import { trainSchema } from '../config/schemas.js';
import { commonStage } from './common-stage.js';
import { runStageOfConfig } from './run-stage-of-config.js';
import { isHeatmapConfig, trainHeatmaps } from './train-heatmaps.js';

/** What `opposable train CONFIG` does. */
export async function trainAction(path: string, flags: Flags, signal: AbortSignal): Promise<void> {
  if (await isHeatmapConfig(path)) return trainHeatmaps(path, flags, signal);
  await runStageOfConfig(path, flags, {
    schema: trainSchema,
    toStage: (config) => ({
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
  });
}
