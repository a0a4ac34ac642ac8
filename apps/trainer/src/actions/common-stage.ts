import {
  type Augmentation,
  AUGMENTATION_PRESETS,
  type PretrainSettings,
  type RateDecay,
} from '@opposable/hand-training';
import type { z } from 'zod';
import type { pretrainSchema, trainSchema } from '../config/schemas.js';

type Config = z.output<typeof pretrainSchema> | z.output<typeof trainSchema>;

const EXPLOSION_FACTOR = 1000;

function decayOf(optimizer: Config['optimizer']): RateDecay {
  const { learningRateStep, learningRateCosine, learningRatePlateau, warmUp = 0 } = optimizer;
  if (learningRateStep !== undefined) return { kind: 'step', warmUp, ...learningRateStep };
  if (learningRateCosine !== undefined) return { kind: 'cosine', warmUp, ...learningRateCosine };
  if (learningRatePlateau !== undefined) return { kind: 'plateau', warmUp, ...learningRatePlateau };
  return { kind: 'constant', warmUp };
}

function augmentationOf({ preset, ...given }: Config['augmentation']): Augmentation {
  const base: Augmentation = preset === undefined ? { noise: 1 } : AUGMENTATION_PRESETS[preset];
  return { ...base, ...given };
}

/** What both stages take from a configuration in the same way. */
export function commonStage(
  config: Config,
): Omit<PretrainSettings, 'kind' | 'weights' | 'poseMetric' | 'rotationMetric'> {
  const { seed, optimizer, augmentation } = config;
  const { iterations, batchSize, learningRate, beta1, weightDecay, gradientClip } = optimizer;
  return {
    ...{ seed, iterations, batchSize, learningRate, beta1, weightDecay, gradientClip },
    decay: decayOf(optimizer),
    explosionFactor: optimizer.explosionFactor ?? EXPLOSION_FACTOR,
    augmentation: augmentationOf(augmentation),
    ...(optimizer.frozen === undefined ? {} : { frozen: optimizer.frozen }),
  };
}
