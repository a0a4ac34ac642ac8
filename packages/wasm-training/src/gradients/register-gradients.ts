import * as tf from '@tensorflow/tfjs-core';
import { dilatedConv2DGradient, dilatedDepthwiseGradient, isDilated } from './conv2d.js';
import { einsumGradConfig } from './einsum.js';
import { fusedBatchNormGradient, isPerChannel } from './fused-batch-norm.js';
import { gatherGradient } from './gather.js';
import { parametricModelGradient } from '../parametric-model/index.js';
import { meanGradient, sumGradient } from './reduce.js';
import { batchNormGradConfig, batchNormReluGradConfig, groupNormGradConfig } from './normalisation.js';
import { reluGradient } from './relu.js';
import { gatherNdGradConfig, scatterNdGradConfig } from './scatter.js';
import { secondOrderGradConfigs } from './second-order.js';

interface Replacement {
  kernelName: string;
  gradFunc: tf.GradConfig['gradFunc'];
  /** What the tape keeps instead, where the gradient of tfjs-core comes to the same with it. */
  saves?: Pick<tf.GradConfig, 'inputsToSave' | 'outputsToSave'>;
  applies?: (saved: tf.Tensor[], attrs: tf.NamedAttrMap) => boolean;
}

const replacements: readonly Replacement[] = [
  { kernelName: tf.Conv2D, gradFunc: dilatedConv2DGradient, applies: isDilated },
  { kernelName: tf.DepthwiseConv2dNative, gradFunc: dilatedDepthwiseGradient, applies: isDilated },
  { kernelName: tf.Sum, gradFunc: sumGradient },
  { kernelName: tf.Mean, gradFunc: meanGradient },
  { kernelName: tf.FusedBatchNorm, gradFunc: fusedBatchNormGradient, applies: isPerChannel },
  // The result is positive exactly where the input is; the input itself is then free before the backward pass.
  { kernelName: tf.Relu, gradFunc: reluGradient, saves: { inputsToSave: [], outputsToSave: [true] } },
  { kernelName: tf.GatherV2, gradFunc: gatherGradient },
];

/** Gradients of kernels of this package, and of some for which tfjs-core has none on any backend. */
const added: readonly tf.GradConfig[] = [
  batchNormGradConfig,
  batchNormReluGradConfig,
  einsumGradConfig,
  gatherNdGradConfig,
  groupNormGradConfig,
  parametricModelGradient,
  scatterNdGradConfig,
  ...secondOrderGradConfigs,
];

const registered = new WeakSet<tf.GradConfig>();

/**
 * Puts faster gradients in front of those of tfjs-core. Gradients are not kept by backend, so each asks for the active one
 * and leaves the others what they had. Where no gradients are registered yet, none is
 * replaced.
 */
export function registerGradients(): void {
  for (const config of added) {
    if (tf.getGradient(config.kernelName) === undefined) tf.registerGradient(config);
  }
  for (const { kernelName, gradFunc, saves, applies } of replacements) {
    const shipped = tf.getGradient(kernelName);
    if (shipped === undefined || registered.has(shipped)) continue;
    const config: tf.GradConfig = {
      ...shipped,
      ...saves,
      gradFunc: (dy, saved, attrs) => {
        const ours = tf.getBackend() === 'wasm' && (applies?.(saved, attrs) ?? true);
        return (ours ? gradFunc : shipped.gradFunc)(dy, saved, attrs);
      },
    };
    tf.unregisterGradient(kernelName);
    tf.registerGradient(config);
    registered.add(config);
  }
}
