import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { batchNorm, paddedConvolution } from '../padded-convolution.js';
import type { Pooling } from '../types.js';
import { basicBlock, bottleneckBlock, relu, type ResidualBlock } from './residual-blocks.js';
import type { WeightSource } from '../initializer.js';

export interface ResnetShape {
  readonly block: ResidualBlock;
  /** Blocks of each of the four stages. */
  readonly blocks: readonly number[];
  /** Channels of the stem and the first stage. Default 64. */
  readonly baseWidth?: number;
}

/** He et al., table 1. */
export const RESNETS = {
  resnet18: { block: basicBlock, blocks: [2, 2, 2, 2] },
  resnet34: { block: basicBlock, blocks: [3, 4, 6, 3] },
  resnet50: { block: bottleneckBlock, blocks: [3, 4, 6, 3] },
} as const satisfies Record<string, ResnetShape>;

/**
 * Side of 3dhand's pooling window. On the 8×8 map of a 256-pixel image it leaves out the last row and column, which
 * weights that were trained so need.
 */
const POOL_3DHAND = 7;

function pool(map: SymbolicTensor, pooling: Pooling): SymbolicTensor {
  if (pooling === 'mean') return layers.globalAveragePooling2d({ name: 'avgpool' }).apply(map) as SymbolicTensor;
  const window = { poolSize: POOL_3DHAND, strides: POOL_3DHAND, padding: 'valid' } as const;
  const pooled = layers.averagePooling2d({ name: 'avgpool', ...window }).apply(map) as SymbolicTensor;
  return layers.flatten({ name: 'flatten' }).apply(pooled) as SymbolicTensor;
}

/**
 * A residual network (He et al., CVPR 2016): 7×7 stride-2 stem, 3×3 stride-2 maximum, four stages, mean over the last
 * map. Layers carry torchvision's names (`layer1.0.conv1`, …).
 *
 * Input [B, S, S, C], S a multiple of 32. Output [B, 512], or [B, 2048] with bottleneck blocks.
 */
export function resnetEncoder(
  input: SymbolicTensor,
  rng: WeightSource,
  { block, blocks, baseWidth = 64 }: ResnetShape,
  pooling: Pooling = 'mean',
): SymbolicTensor {
  let x = paddedConvolution(input, rng, { name: 'conv1', filters: baseWidth, kernelSize: 7, stride: 2 });
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
  blocks.forEach((count, stage) => {
    for (let i = 0; i < count; i++) {
      const stride = stage > 0 && i === 0 ? 2 : 1;
      x = block(x, rng, { name: `layer${stage + 1}.${i}`, width: baseWidth * 2 ** stage, stride });
    }
  });
  return pool(x, pooling);
}
