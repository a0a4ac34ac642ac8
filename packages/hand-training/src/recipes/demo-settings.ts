// What a network learns in two minutes on two cores. Mean 2D error in px of the 256 frame / PA-MPJPE in mm on 500
// held-back synthetic hands (mean hand: 63.3 / 20.0); batch 32, 1300 steps of pretraining unless said otherwise:
//
//   varied backgrounds, 520 steps                               34.3 / 19.5
//   plain backgrounds, 590 steps                                25.5 / 18.8
//   plain, 1300 steps                                           22.3 / 17.9
//   plain, pose measured in angles, rate 1.5e-3                 21.7 / 17.3
//   … then 400 steps of 2D (4) + 3D (20,000) + mask             18.9 / 17.2
//   1000 steps, then 870 with 3D 400,000 and 2D 1, rate 1e-3    30.2 / 20.4   (the 3D term shrinks its target through s)
import type { PretrainSettings, TrainSettings } from './stage.js';

export interface DemoSettings {
  readonly seed: number;
  /** Side of the images in pixels. */
  readonly imageSize: number;
  readonly trainCount: number;
  readonly testCount: number;
  readonly pretrain: Omit<PretrainSettings, 'kind' | 'seed'>;
  readonly train: Omit<TrainSettings, 'kind' | 'seed'>;
}

const COMMON = {
  batchSize: 64,
  beta1: 0.9,
  weightDecay: 0,
  gradientClip: undefined,
  augmentation: { gain: [0.85, 1.15], noise: 1 },
} as const;

/** The demo: at most four minutes on two cores. */
export const DEMO_SETTINGS: DemoSettings = {
  seed: 1,
  imageSize: 128,
  trainCount: 12_000,
  testCount: 600,
  pretrain: {
    ...COMMON,
    iterations: 1100,
    learningRate: 0.002,
    decay: { kind: 'cosine', final: 0.05, warmUp: 50 },
    weights: { scale: 1e-4, translation: 2.5e-3, rotation: 9, pose: 18, betas: 0.5 },
    poseMetric: 'angles',
  },
  train: {
    ...COMMON,
    iterations: 500,
    learningRate: 5e-4,
    decay: { kind: 'cosine', final: 0.05, warmUp: 20 },
    weights: { keypoints2d: 4, keypoints3d: 20_000, mask: 10, regularization: 0.1 },
    maskSchedule: [],
    variant: 'perspective',
    betaWeight: 1,
  },
};

/** The same in a short form, to see that everything works and that the network learns; how well is not the point. */
export const SHORT_DEMO_SETTINGS: DemoSettings = {
  ...DEMO_SETTINGS,
  trainCount: 1500,
  testCount: 100,
  pretrain: { ...DEMO_SETTINGS.pretrain, iterations: 90 },
  train: { ...DEMO_SETTINGS.train, iterations: 40 },
};
