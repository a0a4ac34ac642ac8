import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url';
import { registerWasmTrainingKernelsAsync } from '@opposable/wasm-training';
import type { Engine } from './types.js';

/** Starts the wasm backend from the page's own files, with the fused kernels where the browser has SIMD. */
export async function startWasm(): Promise<Engine> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': threaded,
  });
  if (!(await tf.setBackend('wasm'))) throw new Error('the browser refused WebAssembly.');
  await tf.ready();
  const registration = await registerWasmTrainingKernelsAsync();
  return { name: 'wasm', withoutKernels: registration.registered ? undefined : registration.reason };
}
