import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Rng } from '@opposable/tensor-checks';
import { torchUniform } from '../networks/initializer.js';
import { UpsampleBilinear } from './upsample-layer.js';
import { BATCH_NORM, type UNetParts } from './unet-parts.js';

/** Channels after the first block; every halving of the maps doubles them. */
const WIDTH = 16;

/** 3×3, padded by one, without bias. */
function convolution(input: SymbolicTensor, rng: Rng, name: string, filters: number): SymbolicTensor {
  return layers
    .conv2d({
      name,
      filters,
      kernelSize: 3,
      padding: 'same',
      useBias: false,
      kernelInitializer: torchUniform(rng, name, 9 * input.shape[3]!),
    })
    .apply(input) as SymbolicTensor;
}

/** Twice normalisation → 3×3 convolution → ReLU. The layers' numbers are those of the tutorial's `nn.Sequential`. */
function convBlock(input: SymbolicTensor, rng: Rng, name: string, filters: number): SymbolicTensor {
  let x = input;
  for (const first of [0, 3]) {
    const prefix = `${name}.double_conv`;
    x = layers.batchNormalization({ name: `${prefix}.${first}`, ...BATCH_NORM }).apply(x) as SymbolicTensor;
    x = convolution(x, rng, `${prefix}.${first + 1}`, filters);
    x = layers.reLU({ name: `${prefix}.${first + 2}` }).apply(x) as SymbolicTensor;
  }
  return x;
}

/**
 * The shallow U-Net of the 2D hand pose tutorial (O. Chernytska, 2D-Hand-Pose-Estimation-RGB): blocks of 16, 32 and 64 channels
 * with max-pooling between, 128 at the bottom, and back by bilinear doubling and concatenation [upsampled, skip]; a last 3×3
 * convolution gives the maps at the image's own size. Layers carry the names of its PyTorch modules.
 */
export function documentedUNet({ image, keypoints, rng }: UNetParts): SymbolicTensor {
  const down = (x: SymbolicTensor, name: string): SymbolicTensor =>
    layers.maxPooling2d({ name, poolSize: 2 }).apply(x) as SymbolicTensor;
  const up = (x: SymbolicTensor, skip: SymbolicTensor, level: number): SymbolicTensor => {
    const doubled = new UpsampleBilinear({ name: `upsample${level}` }).apply(x) as SymbolicTensor;
    return layers.concatenate({ name: `concat${level}` }).apply([doubled, skip]) as SymbolicTensor;
  };
  const down1 = convBlock(image, rng, 'conv_down1', WIDTH);
  const down2 = convBlock(down(down1, 'maxpool1'), rng, 'conv_down2', 2 * WIDTH);
  const down3 = convBlock(down(down2, 'maxpool2'), rng, 'conv_down3', 4 * WIDTH);
  const bottom = convBlock(down(down3, 'maxpool3'), rng, 'conv_bottleneck', 8 * WIDTH);
  const up1 = convBlock(up(bottom, down3, 1), rng, 'conv_up1', 4 * WIDTH);
  const up2 = convBlock(up(up1, down2, 2), rng, 'conv_up2', 2 * WIDTH);
  const up3 = convBlock(up(up2, down1, 3), rng, 'conv_up3', WIDTH);
  return convolution(up3, rng, 'conv_out.0', keypoints);
}
