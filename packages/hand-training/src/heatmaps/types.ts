import type { ChannelStatistics, HeatmapDecoding, HeatmapVariant } from '@opposable/hand-regressor';
import type { NegativeSettings } from './negatives.js';

/** What a heat-map network is, so that it can be built again. */
export interface HeatmapNetworkInfo {
  readonly variant: HeatmapVariant;
  /** Side of the square input in pixels. */
  readonly inputSize: number;
  readonly normalization: ChannelStatistics;
}

export const PLACEMENTS = ['exact', 'documented'] as const;

/** How keypoints become maps, and maps keypoints. */
export interface HeatmapCoding {
  /** Standard deviation of the blobs in cells of the map. */
  readonly sigma: number;
  /** Half of the blobs' extent in cells. */
  readonly radius: number;
  /** `'documented'`: as in the 2D tutorial, at whole cells and with its scale of pixels; `'exact'`: centre on centre. */
  readonly placement: (typeof PLACEMENTS)[number];
  readonly decoding: HeatmapDecoding;
  /** Whether keypoints that are labelled but hidden are learnt. */
  readonly hidden: 'include' | 'exclude';
}

/** Weights of the losses of heat maps; the total is their weighted sum. */
export interface HeatmapLossWeights {
  readonly iou: number;
  readonly mse: number;
  readonly adaptiveWing: number;
  /** Of the distance between the centres of maps. Default 0. */
  readonly expectation?: number | undefined;
}

export interface HeatmapAugmentation {
  /** Each image is multiplied by a factor from this range. */
  readonly gain: readonly [number, number];
  /** Standard deviation of additive Gaussian noise, in grey levels of 0–255. */
  readonly noise: number;
  /** Side of the window over the side of the stored image, drawn evenly in its logarithm; above 1 the hand gets smaller. */
  readonly scale: readonly [number, number];
  /** Largest turn to either side, degrees. */
  readonly rotation: number;
  /** Largest shift of the window's centre along each axis, in sides of the stored image. */
  readonly translation: number;
  /** Share of samples whose hand is moved out of the window: all of their maps are empty. */
  readonly empty: number;
}

export const NO_AUGMENTATION: HeatmapAugmentation = {
  gain: [1, 1],
  noise: 0,
  scale: [1, 1],
  rotation: 0,
  translation: 0,
  empty: 0,
};

export interface HeatmapOptimizer {
  readonly name: 'sgd' | 'adam';
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** Largest norm of all gradients together; undefined: no limit. */
  readonly gradientClip: number | undefined;
  /** How the rate goes on: by the training loss of the epochs, or as half a cosine to `final` of its first value. */
  readonly decay:
    | { readonly kind: 'constant' }
    | { readonly kind: 'plateau'; readonly factor: number; readonly patience: number; readonly threshold: number }
    | { readonly kind: 'cosine'; readonly final: number; readonly warmUp: number };
}

/** Ends training when the mean of the last `window` validation losses, rounded to five decimals, has not fallen for more than `patience` epochs. */
export interface EarlyStop {
  /** Epochs before the rule begins. */
  readonly after: number;
  readonly window: number;
  readonly patience: number;
}

/** All that training a heat-map network needs beside data. Plain data, so that it can be sent to a replica. */
export interface HeatmapSettings {
  readonly seed: number | string;
  readonly coding: HeatmapCoding;
  readonly loss: HeatmapLossWeights;
  readonly augmentation: HeatmapAugmentation;
  /** Pictures without a hand among the training samples. Default none. */
  readonly negatives?: NegativeSettings | undefined;
  readonly optimizer: HeatmapOptimizer;
  /** Over all replicas. */
  readonly batchSize: number;
  readonly epochs: number;
  /** Batches of one epoch, drawn anew from all samples; undefined: as many as there are. */
  readonly batchesPerEpoch: number | undefined;
  /** Batches of the validation set that are looked at after each epoch. */
  readonly validationBatches: number;
  readonly earlyStop: EarlyStop | undefined;
  /** Epochs between two checkpoints. */
  readonly checkpointEvery: number;
}

/** One line of `epochs.jsonl`. */
export interface EpochRecord {
  /** Epochs finished. */
  readonly epoch: number;
  readonly train: number;
  /** Unweighted terms of the training loss. */
  readonly terms: Readonly<Record<string, number>>;
  /** undefined without a validation set */
  readonly validation: number | undefined;
  readonly learningRate: number;
  readonly samplesPerSecond: number;
  /** Of this and all earlier epochs. */
  readonly seconds: number;
}
