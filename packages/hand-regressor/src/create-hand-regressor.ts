import { input as createInput, type LayersModel, model as createModel } from '@tensorflow/tfjs-layers';
import { HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { ConfigError, type Rng } from '@opposable/tensor-checks';
import { registerHandRegressorLayers } from './layers/register-layers.js';
import { resnet18Network } from './networks/resnet18-network.js';
import { smallNetwork } from './networks/small-network.js';
import type { Network } from './networks/types.js';

/** The networks by the name of their encoder. */
export const ENCODERS = { small: smallNetwork, resnet18: resnet18Network } as const satisfies Record<string, Network>;
export type EncoderName = keyof typeof ENCODERS;

/** Input sides must be multiples of this, so that every halving of both encoders meets an even map. */
const INPUT_SIZE_STEP = 32;

/**
 * Deviations from the prior that one unit of the last linear layer stands for: scale (px/m), translation (px), rotation
 * (rad), pose and shape coefficients. Chosen from the spread of the synthetic hands, so that one learning rate suits all.
 */
export const HAND_PARAMETER_SCALE: readonly number[] = [...[100, 40, 40], ...Array.from({ length: 19 }, () => 1)];

export interface HandRegressorOptions {
  encoder: EncoderName;
  /** Side of the square input image in pixels, a multiple of 32. The 22 numbers stay in the 256-pixel frame. */
  inputSize: number;
  /** Where the initial weights come from. */
  rng: Rng;
  /** Input channels: 3 for an image, 24 for an image with 21 heat maps. Default 3. */
  channels?: number;
  /** Multiplies the last linear layer's output; `'3dhand'` is 1 everywhere as in the original. Default {@link HAND_PARAMETER_SCALE}. */
  outputScale?: readonly number[] | '3dhand';
}

/**
 * The regressor of 3dhand (Boukhayma et al., CVPR 2019): image → encoder → linear → 22 numbers, plus a constant mean
 * vector [545, 128, 128, 0 × 19] (scale in pixels per metre, translation in pixels of the 256 frame).
 *
 * @returns an uncompiled `LayersModel`: [B, S, S, C] in 0–1 → [B, 22]; the caller disposes it
 * @throws ConfigError for an unknown encoder, or a size that is not a positive multiple of 32
 */
export function createHandRegressor(options: HandRegressorOptions): LayersModel {
  const { encoder, inputSize, rng, channels = 3, outputScale = HAND_PARAMETER_SCALE } = options;
  if (!Object.hasOwn(ENCODERS, encoder)) {
    const accepted = Object.keys(ENCODERS).join(', ');
    throw new ConfigError(`createHandRegressor: expected encoder to be one of ${accepted}, got "${String(encoder)}".`, {
      expected: accepted,
      actual: encoder,
    });
  }
  if (!Number.isInteger(inputSize) || inputSize <= 0 || inputSize % INPUT_SIZE_STEP !== 0) {
    throw new ConfigError(
      `createHandRegressor: expected inputSize to be a positive multiple of ${INPUT_SIZE_STEP}, got ${inputSize}.`,
      { expected: `multiple of ${INPUT_SIZE_STEP}`, actual: inputSize },
    );
  }
  registerHandRegressorLayers();
  const image = createInput({ shape: [inputSize, inputSize, channels], name: 'image' });
  const output = ENCODERS[encoder]({
    image,
    rng,
    outputScale: outputScale === '3dhand' ? HAND_PARAMETER_MEAN.map(() => 1) : outputScale,
  });
  return createModel({ inputs: image, outputs: output, name: `hand-regressor-${encoder}` });
}
