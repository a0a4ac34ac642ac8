import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Rng } from '@opposable/tensor-checks';

/** What a heat-map network is built from. */
export interface UNetParts {
  /** [B, S, S, C], normalised by mean and deviation of the training set's channels */
  readonly image: SymbolicTensor;
  /** Number of maps. */
  readonly keypoints: number;
  /** Where the initial weights come from. */
  readonly rng: Rng;
}

/** Builds a network from an image to maps before the sigmoid. */
export type HeatmapNetwork = (parts: UNetParts) => SymbolicTensor;

/** torchvision's batch normalisation: ε 1e-5; its momentum 0.1 is 1 − 0.9 here. */
export const BATCH_NORM = { epsilon: 1e-5, momentum: 0.9 } as const;
