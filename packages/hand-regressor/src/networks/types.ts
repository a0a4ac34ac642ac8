import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { WeightSource } from './initializer.js';

/** 'mean' over the whole last map, or '3dhand': over its top left 7×7 cells. */
export type Pooling = 'mean' | '3dhand';

/** What a network is built from. */
export interface NetworkParts {
  /** [B, S, S, C], normalised as the network expects it */
  readonly image: SymbolicTensor;
  /** Where the initial weights come from. */
  readonly rng: WeightSource;
  /** Multiplies the last linear layer's output, number by number. */
  readonly outputScale: readonly number[];
  readonly pooling: Pooling;
  /** Whether the head also sees the places of the heat maps' keypoints. */
  readonly keypointFeatures: boolean;
}

/** Builds a whole network: from an image to the 22 numbers. */
export type Network = (parts: NetworkParts) => SymbolicTensor;
