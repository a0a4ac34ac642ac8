import { initializers, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Rng } from '@opposable/tensor-checks';
import { kaimingNormal } from '../networks/initializer.js';
import { UpsampleBilinear } from './upsample-layer.js';
import { BATCH_NORM, type UNetParts } from './unet-parts.js';

// Depthwise convolutions everywhere (5×5 at 1/8 and 1/16 of the side, 180 thousand weights) learn worse for their time. 16 images of
// 64 px take 68 ms of a thread forward and back, and 141 with whole 3×3 convolutions below 1/2 of the side (fewest of 25, wasm with
// training kernels, a loaded machine). On hands of the preset seed, batches of 16, one run each, the error after 24,000 images is
// 16.3 % of the image; of this network it is 15.6 % after 12,000, which take as long, and 12.9 % after 24,000. One image of
// 128 px takes 13 ms instead of 7.6, batches of 8 9 ms an image (medians, a slow machine: 24 GFLOP/s of `tf.matMul` on one core).

/** Channels at 1/2, 1/4, 1/8 and 1/16 of the image's side. */
const CHANNELS = [24, 48, 96, 160] as const;
/** Residual blocks at each of them on the way down. */
const BLOCKS = [1, 1, 2, 3] as const;

/** The maps' first value before the sigmoid. */
const EMPTY_LOGIT = -2;

interface Part {
  readonly name: string;
  readonly rng: Rng;
  /** From 0 at 1/2 of the image's side. */
  readonly level: number;
}

function normalized(x: SymbolicTensor, name: string, relu: boolean): SymbolicTensor {
  const y = layers.batchNormalization({ name: `${name}.bn`, ...BATCH_NORM }).apply(x) as SymbolicTensor;
  return relu ? (layers.reLU({ name: `${name}.relu` }).apply(y) as SymbolicTensor) : y;
}

function convolution(
  input: SymbolicTensor,
  { name, rng }: Pick<Part, 'name' | 'rng'>,
  { filters, kernelSize, strides }: { filters: number; kernelSize: number; strides: number },
): SymbolicTensor {
  const kernelInitializer = kaimingNormal(rng, name, kernelSize * kernelSize * input.shape[3]!);
  return layers
    .conv2d({ name, filters, kernelSize, strides, padding: 'same', useBias: false, kernelInitializer })
    .apply(input) as SymbolicTensor;
}

function depthwise(input: SymbolicTensor, { name, rng }: Pick<Part, 'name' | 'rng'>): SymbolicTensor {
  const depthwiseInitializer = kaimingNormal(rng, name, 9);
  return layers
    .depthwiseConv2d({ name, kernelSize: 3, padding: 'same', useBias: false, depthwiseInitializer })
    .apply(input) as SymbolicTensor;
}

/** 3×3 → normalisation; at the finest level, where pixels are many, depthwise and then 1×1. */
function normalizedConvolution(
  input: SymbolicTensor,
  { name, rng, level }: Part,
  { filters, strides }: { filters: number; strides: number },
  relu: boolean,
): SymbolicTensor {
  if (level > 0) {
    const whole = convolution(input, { name: `${name}.conv`, rng }, { filters, kernelSize: 3, strides });
    return normalized(whole, name, relu);
  }
  const each = depthwise(input, { name: `${name}.depthwise`, rng });
  return normalized(pointwise(each, { name, rng }, filters), name, relu);
}

function pointwise(input: SymbolicTensor, { name, rng }: Pick<Part, 'name' | 'rng'>, filters: number): SymbolicTensor {
  return convolution(input, { name: `${name}.pointwise`, rng }, { filters, kernelSize: 1, strides: 1 });
}

function residual(input: SymbolicTensor, part: Part): SymbolicTensor {
  const branch = normalizedConvolution(input, part, { filters: input.shape[3]!, strides: 1 }, false);
  const sum = layers.add({ name: `${part.name}.add` }).apply([input, branch]) as SymbolicTensor;
  return layers.reLU({ name: `${part.name}.out` }).apply(sum) as SymbolicTensor;
}

/**
 * A small U-Net for CPUs: one level deeper than the tutorial's (1/16 of the side, where three residual blocks see the whole image),
 * depthwise separable convolutions at 1/2 of the side, and maps of that size, decoded below a pixel.
 */
export function smallUNet({ image, keypoints, rng }: UNetParts): SymbolicTensor {
  const stem = convolution(image, { name: 'stem', rng }, { filters: CHANNELS[0], kernelSize: 3, strides: 2 });
  let x = normalized(stem, 'stem', true);
  const skips: SymbolicTensor[] = [];
  CHANNELS.forEach((filters, level) => {
    if (level > 0) {
      skips.push(x);
      x = normalizedConvolution(x, { name: `down${level}`, rng, level }, { filters, strides: 2 }, true);
    }
    for (let block = 0; block < BLOCKS[level]!; block++) {
      x = residual(x, { name: `level${level}.${block}`, rng, level });
    }
  });
  for (let level = skips.length - 1; level >= 0; level--) {
    const skip = skips[level]!;
    const name = `up${level}`;
    const narrowed = normalized(pointwise(x, { name, rng }, skip.shape[3]!), name, false);
    const doubled = new UpsampleBilinear({ name: `${name}.upsample` }).apply(narrowed) as SymbolicTensor;
    const sum = layers.add({ name: `${name}.add` }).apply([doubled, skip]) as SymbolicTensor;
    x = layers.reLU({ name: `${name}.out` }).apply(sum) as SymbolicTensor;
    x = residual(x, { name: `${name}.block`, rng, level });
  }
  return layers
    .conv2d({
      name: 'maps',
      filters: keypoints,
      kernelSize: 1,
      kernelInitializer: kaimingNormal(rng, 'maps', x.shape[3]!),
      biasInitializer: initializers.constant({ value: EMPTY_LOGIT }), // nearly all cells of true maps are empty
    })
    .apply(x) as SymbolicTensor;
}
