import * as tf from '@tensorflow/tfjs-core';
import { callKernel, wasmKernel } from '../kernels/kernel-calls.js';
import { allocate, type Info, sizeOf } from '../wasm-backend.js';
import { offsetOf } from './scratch.js';
import { training } from './training-module.js';

/** `tf.image.transform`, bilinear with a constant outside; other modes go to the shipped kernel. */
export const transformKernel = wasmKernel<{ image: Info; transforms: Info }, tf.TransformAttrs>(
  tf.Transform,
  ({ backend, inputs, attrs }) => {
    const { image, transforms } = inputs;
    const [batch, height, width, channels] = image.shape as [number, number, number, number];
    const [outHeight, outWidth] = attrs.outputShape ?? [height, width];
    const outShape = [batch, outHeight, outWidth, channels];
    const plain = attrs.interpolation === 'bilinear' && attrs.fillMode === 'constant' && image.dtype === 'float32';
    if (!plain || sizeOf(image.shape) * sizeOf(outShape) === 0) {
      return callKernel(backend, tf.Transform, inputs, { ...attrs });
    }
    const out = allocate(backend, outShape);
    training(backend).transformBilinear(
      ...([offsetOf(backend, image), offsetOf(backend, transforms), transforms.shape[0] === 1 ? 0 : 32] as const),
      ...([offsetOf(backend, out), batch, height, width, channels, outHeight, outWidth, attrs.fillValue] as const),
    );
    return out;
  },
);
