import type * as tf from '@tensorflow/tfjs-core';
import { batchNormKernels } from './batch-norm.js';
import { binaryKernels } from './binary.js';
import { einsumKernel } from './einsum.js';
import { groupNormKernels } from './group-norm.js';
import { optimizerKernels } from './optimizers.js';
import { padKernel } from './pad.js';
import { poolingKernels } from './pooling.js';
import { preluKernel } from './prelu.js';
import { meanKernel, sumKernel } from './reduce.js';
import { reluGradKernel } from './relu-grad.js';
import { resizeBilinearGradKernel } from './resize-bilinear-grad.js';
import { rowKernels } from './rows.js';
import { runningAverageKernel } from './running-average.js';
import { bilinearKernels } from './bilinear.js';
import { concatKernel, splitVKernel } from './concat.js';
import { csrKernels } from './csr.js';
import { transformKernel } from './transform.js';

/** The kernels beside convolution and matrix products that training needs. */
export const trainingKernels: readonly tf.KernelConfig[] = [
  ...batchNormKernels,
  ...bilinearKernels,
  ...binaryKernels,
  ...csrKernels,
  ...groupNormKernels,
  ...optimizerKernels,
  ...poolingKernels,
  ...rowKernels,
  concatKernel,
  einsumKernel,
  meanKernel,
  padKernel,
  preluKernel,
  reluGradKernel,
  resizeBilinearGradKernel,
  runningAverageKernel,
  splitVKernel,
  sumKernel,
  transformKernel,
];
