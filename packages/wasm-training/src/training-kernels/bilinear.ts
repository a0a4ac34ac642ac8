import type * as tf from '@tensorflow/tfjs-core';
import { wasmKernel } from '../kernels/kernel-calls.js';
import { allocate, type Backend, type Info } from '../wasm-backend.js';
import { offsetOf } from './scratch.js';
import { training } from './training-module.js';

interface SampleInputs {
  /** [B, H, W, C] float32 */
  images: Info;
  /** [B, N, 2] float32, x then y, in pixels, centres at integers */
  points: Info;
  /** [B] bool: images that count; those that do not read 0 */
  chosen?: Info | null;
}

interface SampleAttrs {
  /** Outside the image: the nearest pixel, or zero. */
  border: boolean;
}

function numbersOf({ images, points }: SampleInputs, { border }: SampleAttrs) {
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  return [batch, height, width, channels, points.shape[1]!, border ? 1 : 0] as const;
}

function offsetsOf(backend: Backend, { images, points, chosen }: SampleInputs) {
  return {
    images: offsetOf(backend, images),
    points: offsetOf(backend, points),
    chosen: chosen ? offsetOf(backend, chosen) : 0,
  };
}

/** [B, N, C] samples; NaN where a point is. */
export const bilinearSampleKernel = wasmKernel<SampleInputs, SampleAttrs>(
  'OpposableBilinearSample',
  ({ backend, inputs, attrs }) => {
    const out = allocate(backend, [...inputs.points.shape.slice(0, 2), inputs.images.shape[3]!]);
    const at = offsetsOf(backend, inputs);
    const numbers = numbersOf(inputs, attrs);
    training(backend).bilinearSample(at.images, at.points, at.chosen, offsetOf(backend, out), ...numbers);
    return out;
  },
);

/** Gradient with respect to the points, [B, N, 2]; an axis along which the border moved a point has none. */
export const bilinearPointGradKernel = wasmKernel<SampleInputs & { dy: Info }, SampleAttrs>(
  'OpposableBilinearPointGrad',
  ({ backend, inputs, attrs }) => {
    const out = allocate(backend, inputs.points.shape);
    const at = offsetsOf(backend, inputs);
    const [dy, to] = [offsetOf(backend, inputs.dy), offsetOf(backend, out)];
    const numbers = numbersOf(inputs, attrs);
    training(backend).bilinearPointGradient(dy, at.images, at.points, at.chosen, to, ...numbers);
    return out;
  },
);

/** Gradient with respect to the images, of which only the shape is read, [B, H, W, C]. */
export const bilinearImageGradKernel = wasmKernel<SampleInputs & { dy: Info }, SampleAttrs>(
  'OpposableBilinearImageGrad',
  ({ backend, inputs, attrs }) => {
    const out = allocate(backend, inputs.images.shape);
    const at = offsetsOf(backend, inputs);
    const [dy, to] = [offsetOf(backend, inputs.dy), offsetOf(backend, out)];
    training(backend).bilinearImageGradient(dy, at.points, at.chosen, to, ...numbersOf(inputs, attrs));
    return out;
  },
);

export const bilinearKernels: readonly tf.KernelConfig[] = [
  bilinearSampleKernel,
  bilinearPointGradKernel,
  bilinearImageGradKernel,
];
