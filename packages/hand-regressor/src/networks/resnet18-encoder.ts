import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Rng } from '@opposable/tensor-checks';
import { kaimingNormal } from './initializer.js';

/** torchvision's batch normalisation: ε 1e-5; its momentum 0.1 is 1 − 0.9 here. */
const BATCH_NORM = { epsilon: 1e-5, momentum: 0.9 } as const;

interface ConvolutionShape {
  name: string;
  filters: number;
  kernelSize: number;
  stride: number;
}

/**
 * Convolution without bias, padded by ⌊k/2⌋ on every side as PyTorch does. 'same' would pad a stride-2 convolution of an
 * even-sized map on the right and bottom only, which shifts the sampling grid by a pixel.
 */
function paddedConvolution(input: SymbolicTensor, rng: Rng, shape: ConvolutionShape): SymbolicTensor {
  const { name, filters, kernelSize, stride } = shape;
  const pad = Math.floor(kernelSize / 2);
  const padded =
    pad === 0
      ? input
      : (layers
          .zeroPadding2d({
            name: `${name}.pad`,
            padding: [
              [pad, pad],
              [pad, pad],
            ],
          })
          .apply(input) as SymbolicTensor);
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
    .apply(padded) as SymbolicTensor;
}

function batchNorm(input: SymbolicTensor, name: string): SymbolicTensor {
  return layers.batchNormalization({ name, ...BATCH_NORM }).apply(input) as SymbolicTensor;
}

function relu(input: SymbolicTensor, name: string): SymbolicTensor {
  return layers.reLU({ name }).apply(input) as SymbolicTensor;
}

function basicBlock(input: SymbolicTensor, rng: Rng, name: string, filters: number, stride: number): SymbolicTensor {
  let x = paddedConvolution(input, rng, { name: `${name}.conv1`, filters, kernelSize: 3, stride });
  x = relu(batchNorm(x, `${name}.bn1`), `${name}.relu1`);
  x = paddedConvolution(x, rng, { name: `${name}.conv2`, filters, kernelSize: 3, stride: 1 });
  x = batchNorm(x, `${name}.bn2`);
  let shortcut = input;
  if (stride !== 1 || input.shape[3] !== filters) {
    shortcut = paddedConvolution(input, rng, { name: `${name}.downsample.0`, filters, kernelSize: 1, stride });
    shortcut = batchNorm(shortcut, `${name}.downsample.1`);
  }
  const sum = layers.add({ name: `${name}.add` }).apply([x, shortcut]) as SymbolicTensor;
  return relu(sum, `${name}.relu2`);
}

/**
 * ResNet-18 (He et al., CVPR 2016): 7×7 stride-2 stem, four stages of two basic blocks with 64, 128, 256 and 512
 * channels, mean over the last map. Layers carry torchvision's names (`layer1.0.conv1`, …).
 *
 * Input [B, S, S, C] in 0–1, S a multiple of 32. Output [B, 512].
 */
export function resnet18Encoder(input: SymbolicTensor, rng: Rng): SymbolicTensor {
  let x = paddedConvolution(input, rng, { name: 'conv1', filters: 64, kernelSize: 7, stride: 2 });
  x = relu(batchNorm(x, 'bn1'), 'relu');
  // After a ReLU nothing is negative, so padding with zeros equals PyTorch's padding with −∞.
  x = layers
    .zeroPadding2d({
      name: 'maxpool.pad',
      padding: [
        [1, 1],
        [1, 1],
      ],
    })
    .apply(x) as SymbolicTensor;
  x = layers.maxPooling2d({ name: 'maxpool', poolSize: 3, strides: 2, padding: 'valid' }).apply(x) as SymbolicTensor;
  [64, 128, 256, 512].forEach((filters, stage) => {
    for (let block = 0; block < 2; block++) {
      x = basicBlock(x, rng, `layer${stage + 1}.${block}`, filters, stage > 0 && block === 0 ? 2 : 1);
    }
  });
  return layers.globalAveragePooling2d({ name: 'avgpool' }).apply(x) as SymbolicTensor;
}
