import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Rng } from '@opposable/tensor-checks';

/** Builds the convolutional part of a network: from an image batch [B, S, S, C] in 0–1 to features [B, F]. */
export type Encoder = (input: SymbolicTensor, rng: Rng) => SymbolicTensor;
