import { wasmKernel } from '../kernels/kernel-calls.js';
import { allocate, type Backend, type Info, sizeOf } from '../wasm-backend.js';
import { offsetOf } from './scratch.js';
import { training } from './training-module.js';

export const RELU_GRAD = 'OpposableReluGrad';

/** A new tensor: dy where y > 0, else 0. */
export function reluGradient(backend: Backend, dy: Info, y: Info): Info {
  const dx = allocate(backend, dy.shape);
  const [dyAt, yAt, dxAt] = [dy, y, dx].map((tensor) => offsetOf(backend, tensor)) as [number, number, number];
  training(backend).reluGradient(dyAt, yAt, dxAt, sizeOf(dy.shape));
  return dx;
}

/** One pass, where tfjs-core takes three (Step, Cast, Multiply). */
export const reluGradKernel = wasmKernel<{ dy: Info; y: Info }, object>(RELU_GRAD, ({ backend, inputs: { dy, y } }) =>
  reluGradient(backend, dy, y),
);
