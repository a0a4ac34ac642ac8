import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { batchNorm, paddedConvolution } from '../padded-convolution.js';
import type { WeightSource } from '../initializer.js';

export interface BlockShape {
  readonly name: string;
  /** Channels of the inner convolutions. */
  readonly width: number;
  readonly stride: number;
}

/** Builds one residual block. */
export type ResidualBlock = (input: SymbolicTensor, rng: WeightSource, shape: BlockShape) => SymbolicTensor;

export function relu(input: SymbolicTensor, name: string): SymbolicTensor {
  return layers.reLU({ name }).apply(input) as SymbolicTensor;
}

/** The block's input, brought to the size of its output by a 1×1 convolution where they differ; added to the output. */
function addShortcut(
  input: SymbolicTensor,
  residual: SymbolicTensor,
  rng: WeightSource,
  { name, stride }: BlockShape,
): SymbolicTensor {
  const filters = residual.shape[3]!;
  let shortcut = input;
  if (stride !== 1 || input.shape[3] !== filters) {
    shortcut = paddedConvolution(input, rng, { name: `${name}.downsample.0`, filters, kernelSize: 1, stride });
    shortcut = batchNorm(shortcut, `${name}.downsample.1`);
  }
  return layers.add({ name: `${name}.add` }).apply([residual, shortcut]) as SymbolicTensor;
}

/** Two 3×3 convolutions: the block of ResNet-18 and 34. */
export const basicBlock: ResidualBlock = (input, rng, shape) => {
  const { name, width: filters, stride } = shape;
  let x = paddedConvolution(input, rng, { name: `${name}.conv1`, filters, kernelSize: 3, stride });
  x = relu(batchNorm(x, `${name}.bn1`), `${name}.relu1`);
  x = paddedConvolution(x, rng, { name: `${name}.conv2`, filters, kernelSize: 3, stride: 1 });
  x = batchNorm(x, `${name}.bn2`);
  return relu(addShortcut(input, x, rng, shape), `${name}.relu2`);
};

/** 1×1, 3×3, 1×1 to four times the width: the block of ResNet-50, its stride in the 3×3 as torchvision has it. */
export const bottleneckBlock: ResidualBlock = (input, rng, shape) => {
  const { name, width: filters, stride } = shape;
  let x = paddedConvolution(input, rng, { name: `${name}.conv1`, filters, kernelSize: 1, stride: 1 });
  x = relu(batchNorm(x, `${name}.bn1`), `${name}.relu1`);
  x = paddedConvolution(x, rng, { name: `${name}.conv2`, filters, kernelSize: 3, stride });
  x = relu(batchNorm(x, `${name}.bn2`), `${name}.relu2`);
  x = paddedConvolution(x, rng, { name: `${name}.conv3`, filters: 4 * filters, kernelSize: 1, stride: 1 });
  x = batchNorm(x, `${name}.bn3`);
  return relu(addShortcut(input, x, rng, shape), `${name}.relu3`);
};
