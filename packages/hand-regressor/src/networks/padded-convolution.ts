import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { kaimingNormal, type WeightSource } from './initializer.js';

/** torchvision's batch normalisation: ε 1e-5; its momentum 0.1 is 1 − 0.9 here. */
const BATCH_NORM = { epsilon: 1e-5, momentum: 0.9 } as const;

export interface ConvolutionShape {
  readonly name: string;
  readonly kernelSize: number;
  readonly stride: number;
}

/** ⌊k/2⌋ zeros on all four sides. */
function padded(input: SymbolicTensor, { name, kernelSize }: ConvolutionShape): SymbolicTensor {
  const pad = Math.floor(kernelSize / 2);
  if (pad === 0) return input;
  const padding: [[number, number], [number, number]] = [
    [pad, pad],
    [pad, pad],
  ];
  return layers.zeroPadding2d({ name: `${name}.pad`, padding }).apply(input) as SymbolicTensor;
}

/**
 * Convolution without bias, padded by ⌊k/2⌋ on every side as PyTorch does. 'same' would pad a stride-2 convolution of an
 * even-sized map on the right and bottom only, which shifts the sampling grid by a pixel.
 */
export function paddedConvolution(
  input: SymbolicTensor,
  rng: WeightSource,
  shape: ConvolutionShape & { readonly filters: number },
): SymbolicTensor {
  const { name, filters, kernelSize, stride } = shape;
  return layers
    .conv2d({
      name,
      filters,
      kernelSize,
      strides: stride,
      padding: 'valid',
      useBias: false,
      // He et al. as torchvision has it, fan-out: the same as the released 3dhand code, √(2 / (k·k·out)).
      kernelInitializer: kaimingNormal(rng, name, kernelSize * kernelSize * filters),
    })
    .apply(padded(input, shape)) as SymbolicTensor;
}

/** The same for each channel by itself. */
export function paddedDepthwise(input: SymbolicTensor, rng: WeightSource, shape: ConvolutionShape): SymbolicTensor {
  const { name, kernelSize, stride } = shape;
  return layers
    .depthwiseConv2d({
      name,
      kernelSize: [kernelSize, kernelSize],
      strides: [stride, stride],
      padding: 'valid',
      useBias: false,
      depthwiseInitializer: kaimingNormal(rng, name, kernelSize * kernelSize),
    })
    .apply(padded(input, shape)) as SymbolicTensor;
}

/** Batch normalisation with PyTorch's ε and momentum. */
export function batchNorm(input: SymbolicTensor, name: string): SymbolicTensor {
  return layers.batchNormalization({ name, ...BATCH_NORM }).apply(input) as SymbolicTensor;
}
