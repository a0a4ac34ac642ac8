import type * as tf from '@tensorflow/tfjs-core';
import { batchNormKernels } from './batch-norm.js';
import { binaryKernels } from './binary.js';
import { groupNormKernels } from './group-norm.js';
import { optimizerKernels } from './optimizers.js';
import { poolingKernels } from './pooling.js';
import { meanKernel, sumKernel } from './reduce.js';
import { reluGradKernel } from './relu-grad.js';
import { resizeKernels } from './resize-bilinear.js';
import { rowKernels } from './rows.js';

/** The kernels beside convolution and matrix products that training needs. */
export const trainingKernels: readonly tf.KernelConfig[] = [
  ...batchNormKernels,
  ...binaryKernels,
  ...groupNormKernels,
  ...optimizerKernels,
  ...poolingKernels,
  ...resizeKernels,
  ...rowKernels,
  meanKernel,
  reluGradKernel,
  sumKernel,
];
