import type { PretrainSettings } from '@opposable/hand-training';
import type { z } from 'zod';
import type { pretrainSchema, trainSchema } from '../config/schemas.js';

/** What both stages take from a configuration in the same way. */
export function commonStage(
  config: z.output<typeof pretrainSchema> | z.output<typeof trainSchema>,
): Omit<PretrainSettings, 'kind' | 'weights' | 'poseMetric'> {
  const { seed, optimizer, augmentation } = config;
  const { iterations, batchSize, learningRate, learningRateStep, beta1, weightDecay } = optimizer;
  return {
    seed,
    iterations,
    batchSize,
    learningRate,
    decay: learningRateStep === undefined ? { kind: 'constant' } : { kind: 'step', ...learningRateStep },
    beta1,
    weightDecay,
    gradientClip: optimizer.gradientClip,
    augmentation,
  };
}
