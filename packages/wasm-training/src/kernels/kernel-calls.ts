import * as tf from '@tensorflow/tfjs-core';
import type { Backend, Info } from '../wasm-backend.js';

/** Runs a registered wasm kernel on tensor infos: outside the engine, so nothing is taped, counted or disposed. */
export function callKernel(
  backend: Backend,
  name: string,
  inputs: Record<string, Info>,
  attrs: Record<string, unknown> = {},
): Info {
  const kernel = shippedKernels.get(name) ?? tf.getKernel(name, 'wasm');
  return kernel.kernelFunc({
    inputs: inputs,
    attrs: attrs as unknown as tf.NamedAttrMap,
    backend,
  }) as Info;
}

/** The shipped kernels that this package has replaced: its own compositions call these, never the replacements. */
export const shippedKernels = new Map<string, tf.KernelConfig>();

/** out[i…] = x permuted, as `tf.transpose`. */
export function transpose(backend: Backend, x: Info, perm: number[]): Info {
  return callKernel(backend, tf.Transpose, { x }, { perm });
}

/** [M, K]·[K, N] → [M, N] without transposes: the one case in which the shipped kernel is fast. */
export function matMul2d(backend: Backend, a: Info, b: Info): Info {
  return callKernel(backend, tf.BatchMatMul, { a, b }, { transposeA: false, transposeB: false });
}

export interface Padding2d {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** NHWC convolution with stride 1 and explicit padding. */
export function convolve(backend: Backend, x: Info, filter: Info, pad: Padding2d): Info {
  const { top, bottom, left, right } = pad;
  const explicit = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  const attrs = { strides: [1, 1], dilations: [1, 1], pad: explicit, dataFormat: 'NHWC', dimRoundingMode: undefined };
  return callKernel(backend, tf.Conv2D, { x, filter }, attrs);
}

/** What a kernel of this package is called with. */
export interface KernelCall<Inputs, Attrs> {
  backend: Backend;
  inputs: Inputs;
  attrs: Attrs;
}

/** A kernel for the wasm backend with its inputs and attributes typed. */
export function wasmKernel<Inputs, Attrs>(
  kernelName: string,
  run: (call: KernelCall<Inputs, Attrs>) => Info | Info[],
): tf.KernelConfig {
  return { kernelName, backendName: 'wasm', kernelFunc: (call) => run(call as unknown as KernelCall<Inputs, Attrs>) };
}
