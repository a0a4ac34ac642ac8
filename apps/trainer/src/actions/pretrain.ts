import { ConfigError } from '@opposable/tensor-checks';
import type { Flags } from '../commands/stage-command.js';
import { pretrainSchema } from '../config/schemas.js';
import { commonStage } from './common-stage.js';
import { runStageOfConfig } from './run-stage-of-config.js';
import { isHeatmapConfig } from './train-heatmaps.js';

/** What `opposable pretrain CONFIG` does. */
export async function pretrainAction(path: string, flags: Flags, signal: AbortSignal): Promise<void> {
  if (await isHeatmapConfig(path)) {
    throw new ConfigError(
      `${path}: kind: heatmap is the configuration of a heat-map network, which "opposable train" trains.`,
      {
        expected: 'the configuration of a hand regressor',
        actual: 'kind: heatmap',
      },
    );
  }
  await runStageOfConfig(path, flags, {
    schema: pretrainSchema,
    toStage: (config) => {
      const { weights, poseMetric, rotationMetric } = config;
      return { ...commonStage(config), kind: 'pretrain', weights, poseMetric, rotationMetric };
    },
    signal,
  });
}
