import {
  input as createInput,
  layers,
  type LayersModel,
  model as createModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { ConfigError, type Rng } from '@opposable/tensor-checks';
import { OutputAffine } from '../layers/output-affine.js';
import { registerHandRegressorLayers } from '../layers/register-layers.js';
import { documentedUNet } from './documented-unet.js';
import { smallUNet } from './small-unet.js';
import type { HeatmapNetwork } from './unet-parts.js';

/** The networks by name, and what the image's side must be a multiple of. */
export const HEATMAP_VARIANTS = {
  documented: { network: documentedUNet, step: 8 },
  small: { network: smallUNet, step: 16 },
} as const satisfies Record<string, { network: HeatmapNetwork; step: number }>;
export type HeatmapVariant = keyof typeof HEATMAP_VARIANTS;

/** Mean and standard deviation of each colour channel, in 0–1. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Of the 26,000 training images of FreiHAND at 128 × 128, as the tutorial has them. */
export const FREIHAND_CHANNELS: ChannelStatistics = {
  mean: [0.395, 0.4323, 0.2954],
  std: [0.1966, 0.1734, 0.1836],
};

export interface HeatmapUNetOptions {
  variant: HeatmapVariant;
  /** Where the initial weights come from. */
  rng: Rng;
  /** Side of the square input image in pixels, a multiple of 8 (documented) or 16 (small). Default 128. */
  inputSize?: number;
  /** Number of maps. Default 21. */
  keypoints?: number;
  /** Subtracted and divided by inside of the network. Default {@link FREIHAND_CHANNELS}. */
  normalization?: ChannelStatistics;
}

/**
 * A U-Net from an image to one heat map per keypoint.
 *
 * `'documented'`: the shallow U-Net of the 2D hand pose tutorial, maps at the image's size. `'small'`: deeper and
 * faster, depthwise where it is finest, maps at half of it.
 *
 * @returns an uncompiled `LayersModel`: [B, S, S, 3] RGB in 0–1 → [B, M, M, keypoints] in 0–1; the caller disposes it
 * @throws ConfigError for an unknown variant, a size that does not halve often enough, or statistics that are not three
 * finite numbers with positive deviations
 *
 * @example
 * const network = createHeatmapUNet({ variant: 'small', rng: createRng(1) });
 * const maps = network.predict(images); // [B, 64, 64, 21]
 */
export function createHeatmapUNet(options: HeatmapUNetOptions): LayersModel {
  const { variant, rng, inputSize = 128, keypoints = 21, normalization = FREIHAND_CHANNELS } = options;
  if (!Object.hasOwn(HEATMAP_VARIANTS, variant)) {
    const accepted = Object.keys(HEATMAP_VARIANTS).join(', ');
    throw new ConfigError(`createHeatmapUNet: expected variant to be one of ${accepted}, got "${String(variant)}".`, {
      expected: accepted,
      actual: variant,
    });
  }
  const { network, step } = HEATMAP_VARIANTS[variant];
  if (!Number.isInteger(inputSize) || inputSize <= 0 || inputSize % step !== 0) {
    throw new ConfigError(
      `createHeatmapUNet: expected inputSize to be a positive multiple of ${step} for "${variant}", got ${inputSize}.`,
      { expected: `multiple of ${step}`, actual: inputSize },
    );
  }
  const { mean, std } = normalization;
  if (
    mean.length !== 3 ||
    std.length !== 3 ||
    !mean.every(Number.isFinite) ||
    !std.every((value) => value > 0 && value < Infinity)
  ) {
    throw new ConfigError(
      `createHeatmapUNet: expected normalization by three means and three positive deviations, got ${mean.join(', ')} and ${std.join(', ')}.`,
      { expected: 'three numbers each', actual: normalization },
    );
  }
  registerHandRegressorLayers();
  const image = createInput({ shape: [inputSize, inputSize, 3], name: 'image' });
  const normalized = new OutputAffine({
    name: 'normalize',
    offset: mean.map((value, c) => -value / std[c]!),
    scale: std.map((value) => 1 / value),
  }).apply(image) as SymbolicTensor;
  const logits = network({ image: normalized, keypoints, rng });
  const maps = layers.activation({ name: 'sigmoid', activation: 'sigmoid' }).apply(logits) as SymbolicTensor;
  return createModel({ inputs: image, outputs: maps, name: `heatmap-unet-${variant}` });
}
