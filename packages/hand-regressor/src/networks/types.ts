import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Rng } from '@opposable/tensor-checks';

/** What a network is built from. */
export interface NetworkParts {
  /** [B, S, S, C] in 0–1 */
  readonly image: SymbolicTensor;
  /** Where the initial weights come from. */
  readonly rng: Rng;
  /** Multiplies the last linear layer's output, number by number. */
  readonly outputScale: readonly number[];
}

/** Builds a whole network: from an image to the 22 numbers. */
export type Network = (parts: NetworkParts) => SymbolicTensor;
