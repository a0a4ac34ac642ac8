import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { batchNorm, paddedConvolution, paddedDepthwise } from '../padded-convolution.js';
import type { WeightSource } from '../initializer.js';

/** Sandler et al., table 2: expansion, channels, repetitions, stride of the first. */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;
const STEM_CHANNELS = 32;
const LAST_CHANNELS = 1280;

/** The multiple of 8 nearest to `channels`, at least 8 and never less than nine tenths of it: torchvision's rule. */
export function multipleOfEight(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}

function relu6(input: SymbolicTensor, name: string): SymbolicTensor {
  return layers.reLU({ name, maxValue: 6 }).apply(input) as SymbolicTensor;
}

interface BlockShape {
  readonly name: string;
  readonly expansion: number;
  readonly filters: number;
  readonly stride: number;
}

/** 1×1 to more channels, 3×3 depthwise, 1×1 back without activation; the input is added where the shapes agree. */
function invertedResidual(input: SymbolicTensor, rng: WeightSource, shape: BlockShape): SymbolicTensor {
  const { name, expansion, filters, stride } = shape;
  const channels = input.shape[3]!;
  let x = input;
  let part = 0;
  if (expansion !== 1) {
    const expand = { name: `${name}.conv.${part}.0`, filters: channels * expansion, kernelSize: 1, stride: 1 };
    x = paddedConvolution(x, rng, expand);
    x = relu6(batchNorm(x, `${name}.conv.${part}.1`), `${name}.conv.${part}.2`);
    part++;
  }
  x = paddedDepthwise(x, rng, { name: `${name}.conv.${part}.0`, kernelSize: 3, stride });
  x = relu6(batchNorm(x, `${name}.conv.${part}.1`), `${name}.conv.${part}.2`);
  x = paddedConvolution(x, rng, { name: `${name}.conv.${part + 1}`, filters, kernelSize: 1, stride: 1 });
  x = batchNorm(x, `${name}.conv.${part + 2}`);
  if (stride !== 1 || channels !== filters) return x;
  return layers.add({ name: `${name}.add` }).apply([x, input]) as SymbolicTensor;
}

/**
 * MobileNetV2 (Sandler et al., CVPR 2018): inverted residuals with depthwise convolutions. Layers carry torchvision's names
 * (`features.1.conv.0.0`, …).
 *
 * Input [B, S, S, C], S a multiple of 32. Output [B, 1280].
 *
 * @param width multiplies the channels of every layer but the last
 */
export function mobilenetEncoder(input: SymbolicTensor, rng: WeightSource, width: number): SymbolicTensor {
  const stem = { name: 'features.0.0', filters: multipleOfEight(STEM_CHANNELS * width), kernelSize: 3, stride: 2 };
  let x = relu6(batchNorm(paddedConvolution(input, rng, stem), 'features.0.1'), 'features.0.2');
  let index = 1;
  for (const [expansion, channels, repetitions, firstStride] of STAGES) {
    for (let i = 0; i < repetitions; i++, index++) {
      const stride = i === 0 ? firstStride : 1;
      const filters = multipleOfEight(channels * width);
      x = invertedResidual(x, rng, { name: `features.${index}`, expansion, filters, stride });
    }
  }
  const filters = multipleOfEight(LAST_CHANNELS * Math.max(1, width));
  x = paddedConvolution(x, rng, { name: `features.${index}.0`, filters, kernelSize: 1, stride: 1 });
  x = relu6(batchNorm(x, `features.${index}.1`), `features.${index}.2`);
  return layers.globalAveragePooling2d({ name: 'avgpool' }).apply(x) as SymbolicTensor;
}
