import { initializers, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Rng } from '@opposable/tensor-checks';
import { kaimingNormal } from '../networks/initializer.js';
import { UpsampleBilinear } from './upsample-layer.js';
import { BATCH_NORM, type UNetParts } from './unet-parts.js';

// Tried: whole 3×3 convolutions below 1/2 of the side, 1.2 million weights. 16 images of 64 px take 141 ms of a thread forward and
// back instead of 68 (fewest of 25, wasm with training kernels, a loaded machine), and on hands of the preset seed, one run each,
// the error is 12.9 % of the image after 24,000 images instead of 16.3, and 15.6 % after 12,000, in about the time of the latter.
// Not taken yet: the tests of heat-map training took more than three times as long with it, and why was not found.

/** Channels at 1/2, 1/4, 1/8 and 1/16 of the image's side. */
const CHANNELS = [24, 48, 96, 160] as const;
/** Residual blocks at each of them on the way down, and the side of their depthwise kernels. */
const BLOCKS = [
  { count: 1, kernelSize: 3 },
  { count: 1, kernelSize: 3 },
  { count: 2, kernelSize: 5 },
  { count: 3, kernelSize: 5 },
] as const;

/** The maps' first value before the sigmoid. */
const EMPTY_LOGIT = -2;

interface Part {
  readonly name: string;
  readonly rng: Rng;
}

function normalized(x: SymbolicTensor, name: string, relu: boolean): SymbolicTensor {
  const y = layers.batchNormalization({ name: `${name}.bn`, ...BATCH_NORM }).apply(x) as SymbolicTensor;
  return relu ? (layers.reLU({ name: `${name}.relu` }).apply(y) as SymbolicTensor) : y;
}

/** Depthwise kernel × kernel, then 1×1, normalisation, and ReLU unless it ends a residual branch. */
function separable(
  input: SymbolicTensor,
  { name, rng }: Part,
  shape: { filters: number; kernelSize: number; strides: number; relu: boolean },
): SymbolicTensor {
  const { filters, kernelSize, strides, relu } = shape;
  const depthwise = layers
    .depthwiseConv2d({
      name: `${name}.depthwise`,
      kernelSize,
      strides,
      padding: 'same',
      useBias: false,
      depthwiseInitializer: kaimingNormal(rng, `${name}.depthwise`, kernelSize * kernelSize),
    })
    .apply(input) as SymbolicTensor;
  return normalized(pointwise(depthwise, { name, rng }, filters), name, relu);
}

function pointwise(input: SymbolicTensor, { name, rng }: Part, filters: number): SymbolicTensor {
  return layers
    .conv2d({
      name: `${name}.pointwise`,
      filters,
      kernelSize: 1,
      useBias: false,
      kernelInitializer: kaimingNormal(rng, `${name}.pointwise`, input.shape[3]!),
    })
    .apply(input) as SymbolicTensor;
}

function residual(input: SymbolicTensor, part: Part, kernelSize: number): SymbolicTensor {
  const filters = input.shape[3]!;
  const branch = separable(input, part, { filters, kernelSize, strides: 1, relu: false });
  const sum = layers.add({ name: `${part.name}.add` }).apply([input, branch]) as SymbolicTensor;
  return layers.reLU({ name: `${part.name}.out` }).apply(sum) as SymbolicTensor;
}

/**
 * A small U-Net for CPUs: depthwise separable convolutions, one level deeper than the tutorial's (1/16 of the side, where three
 * residual 5×5 blocks see the whole image), and maps at half of the image's side, decoded below a pixel.
 */
export function smallUNet({ image, keypoints, rng }: UNetParts): SymbolicTensor {
  let x = layers
    .conv2d({
      name: 'stem',
      filters: CHANNELS[0],
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      useBias: false,
      kernelInitializer: kaimingNormal(rng, 'stem', 9 * image.shape[3]!),
    })
    .apply(image) as SymbolicTensor;
  x = normalized(x, 'stem', true);
  const skips: SymbolicTensor[] = [];
  CHANNELS.forEach((filters, level) => {
    if (level > 0) {
      skips.push(x);
      x = separable(x, { name: `down${level}`, rng }, { filters, kernelSize: 3, strides: 2, relu: true });
    }
    const { count, kernelSize } = BLOCKS[level]!;
    for (let block = 0; block < count; block++) x = residual(x, { name: `level${level}.${block}`, rng }, kernelSize);
  });
  for (let level = skips.length - 1; level >= 0; level--) {
    const skip = skips[level]!;
    const name = `up${level}`;
    const narrowed = normalized(pointwise(x, { name, rng }, skip.shape[3]!), name, false);
    const doubled = new UpsampleBilinear({ name: `${name}.upsample` }).apply(narrowed) as SymbolicTensor;
    const sum = layers.add({ name: `${name}.add` }).apply([doubled, skip]) as SymbolicTensor;
    x = layers.reLU({ name: `${name}.out` }).apply(sum) as SymbolicTensor;
    x = residual(x, { name: `${name}.block`, rng }, 3);
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
