import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';
import { type Backend, type Info, release, sizeOf } from '../wasm-backend.js';
import { prelu } from '../training-kernels/prelu.js';
import { callKernel } from './kernel-calls.js';
import { nativeGemm, scratchPieces } from './native-gemm.js';

/** The attributes of a fused kernel's activation. */
export interface FusedActivation {
  activation: string;
  leakyreluAlpha?: number;
}

/** Activations with one slope below zero and one bound above: name → slope, bound. */
const PIECEWISE: Record<string, (alpha: number) => [slope: number, bound: number]> = {
  relu: () => [0, Infinity],
  relu6: () => [0, 6],
  leakyrelu: (alpha) => [alpha, Infinity],
};

const SMOOTH: Record<string, string> = { elu: tf.Elu, sigmoid: tf.Sigmoid };

/** TensorFlow.js's own default. */
const LEAKY_RELU_ALPHA = 0.2;

/**
 * out ← activation(out + bias), in place where the activation is piecewise linear.
 *
 * @param out [..., F], owned; given back, or released and replaced
 * @param bias one number for each of F, or of any shape that broadcasts to `out`
 * @param alpha slopes of `prelu`, one for each of F, or of any shape that broadcasts to `out`
 * @throws ConfigError if the activation is not one that TensorFlow.js fuses
 */
export function finishActivation(
  backend: Backend,
  out: Info,
  bias: Info | null | undefined,
  alpha: Info | null | undefined,
  { activation, leakyreluAlpha }: FusedActivation,
): Info {
  const n = out.shape[out.shape.length - 1]!;
  let result = out;
  const replace = (next: Info): void => {
    release(backend, result);
    result = next;
  };
  const rowBias = bias && sizeOf(bias.shape) === n && bias.shape[bias.shape.length - 1] === n;
  if (bias && !rowBias) replace(callKernel(backend, tf.Add, { a: result, b: bias }));
  const piecewise = PIECEWISE[activation]?.(leakyreluAlpha ?? LEAKY_RELU_ALPHA);
  const slopes = activation === 'prelu' && alpha && sizeOf(alpha.shape) === n ? alpha : undefined;
  if (piecewise || slopes || rowBias) {
    const gemm = nativeGemm(backend);
    const at = scratchPieces(backend, { slopes: n });
    const [slope, bound] = piecewise ?? [1, Infinity];
    gemm.fill(at.slopes, n, slope);
    gemm.finishRows(
      backend.getMemoryOffset(result.dataId),
      n === 0 ? 0 : sizeOf(result.shape) / n,
      n,
      rowBias ? backend.getMemoryOffset(bias.dataId) : 0,
      slopes ? backend.getMemoryOffset(slopes.dataId) : piecewise ? at.slopes : 0,
      bound,
    );
  }
  if (activation === 'linear' || piecewise || slopes) return result;
  if (activation === 'prelu' && alpha) replace(prelu(backend, result, alpha));
  else if (SMOOTH[activation]) replace(callKernel(backend, SMOOTH[activation], { x: result }));
  else {
    const names = ['linear', ...Object.keys(PIECEWISE), 'prelu', ...Object.keys(SMOOTH)];
    release(backend, result);
    throw new ConfigError(
      `fused activation: expected one of ${names.join(', ')} on the wasm backend, got "${activation}".`,
      { expected: names, actual: activation },
    );
  }
  return result;
}
