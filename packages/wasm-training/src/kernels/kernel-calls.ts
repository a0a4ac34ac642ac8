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
