import * as tf from '@tensorflow/tfjs-core';
import { fusedBatchNormGradient, isPerChannel } from './fused-batch-norm.js';
import { meanGradient, sumGradient } from './reduce.js';

interface Replacement {
  kernelName: string;
  gradFunc: tf.GradConfig['gradFunc'];
  applies?: (saved: tf.Tensor[]) => boolean;
}

const replacements: readonly Replacement[] = [
  { kernelName: tf.Sum, gradFunc: sumGradient },
  { kernelName: tf.Mean, gradFunc: meanGradient },
  { kernelName: tf.FusedBatchNorm, gradFunc: fusedBatchNormGradient, applies: isPerChannel },
];

const registered = new WeakSet<tf.GradConfig>();

/**
 * Puts faster gradients in front of those of tfjs-core. Gradients are not kept by backend, so each asks for the active one
 * and leaves the others what they had. Where no gradients are registered yet, nothing is done.
 */
export function registerGradients(): void {
  for (const { kernelName, gradFunc, applies } of replacements) {
    const shipped = tf.getGradient(kernelName);
    if (shipped === undefined || registered.has(shipped)) continue;
    const config: tf.GradConfig = {
      ...shipped,
      gradFunc: (dy, saved, attrs) => {
        const ours = tf.getBackend() === 'wasm' && (applies?.(saved) ?? true);
        return (ours ? gradFunc : shipped.gradFunc)(dy, saved, attrs);
      },
    };
    tf.unregisterGradient(kernelName);
    tf.registerGradient(config);
    registered.add(config);
  }
}
