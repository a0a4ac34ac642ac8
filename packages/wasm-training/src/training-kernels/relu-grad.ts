import { wasmKernel } from '../kernels/kernel-calls.js';
import { allocate, type Info, sizeOf } from '../wasm-backend.js';
import { offsetOf } from './scratch.js';
import { training } from './training-module.js';

export const RELU_GRAD = 'OpposableReluGrad';

/** dx = dy where y > 0, else 0: one pass, where tfjs-core takes three (Step, Cast, Multiply). */
export const reluGradKernel = wasmKernel<{ dy: Info; y: Info }, object>(RELU_GRAD, ({ backend, inputs: { dy, y } }) => {
  const dx = allocate(backend, dy.shape);
  const [dyAt, yAt, dxAt] = [dy, y, dx].map((tensor) => offsetOf(backend, tensor)) as [number, number, number];
  training(backend).reluGradient(dyAt, yAt, dxAt, sizeOf(dy.shape));
  return dx;
});
