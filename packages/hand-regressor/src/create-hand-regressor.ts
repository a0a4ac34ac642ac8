import {
  input as createInput,
  type LayersModel,
  model as createModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { ConfigError, type Rng } from '@opposable/tensor-checks';
import { INPUT_NORMALIZATIONS, type InputNormalization } from './input-normalizations.js';
import { NormalizeImage } from './layers/normalize-image.js';
import { registerHandRegressorLayers } from './layers/register-layers.js';
import { initializeKaimingFanIn } from './networks/kaiming-fan-in.js';
import { type EncoderName, ENCODERS } from './networks/networks.js';
import type { Pooling } from './networks/types.js';

/** Input sides must be multiples of this, so that every halving of the encoders meets an even map. */
const INPUT_SIZE_STEP = 32;

/** Input sides whose last map 3dhand's 7×7 window covers once. */
const SIZES_3DHAND = [7, 8, 9, 10, 11, 12, 13].map((cells) => cells * INPUT_SIZE_STEP);

const INITIALIZATIONS = ['default', 'kaiming-fan-in'] as const;

/** An image alone, or an image and 21 heat maps. */
const CHANNELS = [3, 24] as const;

/**
 * Deviations from the prior that one unit of the last linear layer stands for: scale (px/m), translation (px), rotation
 * (rad), pose and shape coefficients. Chosen from the spread of the synthetic hands, so that one learning rate suits all.
 */
export const HAND_PARAMETER_SCALE: readonly number[] = [...[100, 40, 40], ...Array.from({ length: 19 }, () => 1)];

export interface HandRegressorOptions {
  encoder: EncoderName;
  /** Side of the square input image in pixels, a multiple of 32. The 22 numbers stay in the 256-pixel frame. */
  inputSize: number;
  /** Where the initial weights come from. Without it all are zero, for weights that will be loaded. */
  rng?: Rng | undefined;
  /** Input channels: 3 for an image, 24 for an image with 21 heat maps in 0–1. Default 3. */
  channels?: 3 | 24 | undefined;
  /** What is done to the colours, within the model. Default 'unit': nothing. */
  inputNormalization?: InputNormalization | undefined;
  /** How the last map of a ResNet becomes one vector; '3dhand' is for weights of that origin. Default 'mean'. */
  pooling?: Pooling | undefined;
  /**
   * Whether the head also gets, as numbers, where each heat map has its keypoint, how wide and how high the peak is: they are
   * lifted to the 22 numbers by three linear layers of 512, and the encoder corrects the result. For ResNets and MobileNets
   * with 24 channels. Default false.
   */
  keypointFeatures?: boolean | undefined;
  /** Multiplies the last linear layer's output; `'3dhand'` is 1 everywhere as in the original. Default {@link HAND_PARAMETER_SCALE}. */
  outputScale?: readonly number[] | '3dhand' | undefined;
  /**
   * How initial weights are drawn. 'default': convolutions as torchvision has them (fan-out), the head small, so that training
   * starts at the prior. 'kaiming-fan-in': all alike, as the reproduction of 3dhand has them. Default 'default'.
   */
  initialization?: (typeof INITIALIZATIONS)[number] | undefined;
}

type Checked = Required<Omit<HandRegressorOptions, 'rng' | 'outputScale'>>;

function oneOf<T extends string | number>(name: string, accepted: readonly T[], actual: T): void {
  if (accepted.includes(actual)) return;
  const list = accepted.join(', ');
  const found = typeof actual === 'string' ? `"${actual}"` : String(actual);
  throw new ConfigError(`createHandRegressor: expected ${name} to be one of ${list}, got ${found}.`, {
    expected: list,
    actual,
  });
}

/** Heat maps to read, and a network that can. */
function checkLifting({ keypointFeatures, channels, encoder }: Checked): void {
  const how = ENCODERS[encoder].lifts;
  if (how === 'only') oneOf(`channels with encoder '${encoder}'`, [24], channels);
  if (!keypointFeatures) return;
  oneOf('channels with keypointFeatures', [24], channels);
  const able = Object.entries(ENCODERS).filter(([, { lifts }]) => lifts === 'optional');
  oneOf(
    'encoder with keypointFeatures',
    able.map(([name]) => name),
    encoder as string,
  );
}

function checkOptions(options: Checked): void {
  const { encoder, inputSize, channels, inputNormalization, pooling, initialization } = options;
  oneOf('initialization', INITIALIZATIONS, initialization);
  oneOf('encoder', Object.keys(ENCODERS), encoder as string);
  oneOf('channels', CHANNELS, channels);
  oneOf('inputNormalization', Object.keys(INPUT_NORMALIZATIONS), inputNormalization as string);
  oneOf('pooling', ['mean', '3dhand'], pooling);
  if (!Number.isInteger(inputSize) || inputSize <= 0 || inputSize % INPUT_SIZE_STEP !== 0) {
    throw new ConfigError(
      `createHandRegressor: expected inputSize to be a positive multiple of ${INPUT_SIZE_STEP}, got ${inputSize}.`,
      { expected: `multiple of ${INPUT_SIZE_STEP}`, actual: inputSize },
    );
  }
  checkLifting(options);
  if (pooling !== '3dhand') return;
  const able = Object.entries(ENCODERS).filter(([, { pools3dhand }]) => pools3dhand);
  oneOf(
    "encoder with pooling '3dhand'",
    able.map(([name]) => name),
    encoder as string,
  );
  oneOf("inputSize with pooling '3dhand'", SIZES_3DHAND, inputSize);
}

/**
 * The regressor of 3dhand (Boukhayma et al., CVPR 2019): image → encoder → linear → 22 numbers, plus a constant mean
 * vector [545, 128, 128, 0 × 19] (scale in pixels per metre, translation in pixels of the 256 frame).
 *
 * @returns an uncompiled `LayersModel`: [B, S, S, C] in 0–1 → [B, 22]; the caller disposes it
 * @throws ConfigError for an unknown encoder, number of channels, normalisation, pooling or initialisation, a size that is not a positive
 *   multiple of 32, 3dhand's pooling where it does not leave one vector, or `keypointFeatures` without heat maps
 */
export function createHandRegressor(options: HandRegressorOptions): LayersModel {
  const { encoder, inputSize, rng, channels = 3, inputNormalization = 'unit', pooling = 'mean' } = options;
  const { outputScale = HAND_PARAMETER_SCALE, initialization = 'default', keypointFeatures = false } = options;
  checkOptions({ encoder, inputSize, channels, inputNormalization, pooling, initialization, keypointFeatures });
  registerHandRegressorLayers();
  const image = createInput({ shape: [inputSize, inputSize, channels], name: 'image' });
  const normalization = INPUT_NORMALIZATIONS[inputNormalization];
  const output = ENCODERS[encoder].network({
    image:
      normalization === undefined
        ? image
        : (new NormalizeImage({ name: 'normalize', ...normalization }).apply(image) as SymbolicTensor),
    rng,
    outputScale: outputScale === '3dhand' ? HAND_PARAMETER_MEAN.map(() => 1) : outputScale,
    pooling,
    keypointFeatures,
  });
  const model = createModel({ inputs: image, outputs: output, name: `hand-regressor-${encoder}` });
  if (initialization === 'kaiming-fan-in' && rng !== undefined) initializeKaimingFanIn(model, rng);
  return model;
}
