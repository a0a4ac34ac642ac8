import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from './register-wasm-training-kernels.js';

describe('depthwise gradients with dilation on wasm', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  // The cpu backend's gradients ignore the dilation, so the forward convolution itself is the judge: it is linear in both inputs.
  it.each([
    [[2, 9, 8, 2], [3, 3, 2, 1], 1, 'same', 2],
    [[1, 9, 9, 2], [3, 2, 2, 3], 1, 'valid', [2, 3]],
  ] as const)('are the transpose of the forward pass: %j by %j', async (shape, filterShape, strides, pad, dilation) => {
    const rng = createRng('dilation');
    const values = (size: readonly number[]) =>
      tf.tensor4d(
        Float32Array.from({ length: size.reduce((a, b) => a * b) }, () => rng.normal()),
        [...size] as [number, number, number, number],
      );
    const dilations = typeof dilation === 'number' ? dilation : ([...dilation] as [number, number]);
    const forward = (x: tf.Tensor4D, filter: tf.Tensor4D) =>
      tf.depthwiseConv2d(x, filter, strides, pad, 'NHWC', dilations);
    const x = values(shape);
    const filter = values(filterShape);
    const dy = values(forward(x, filter).shape);
    const attrs = { strides, pad, dilations, dimRoundingMode: undefined };
    const gradient = (name: string, inputs: object, more: object) =>
      tf.engine().runKernel<tf.Tensor4D>(name, inputs as never, { ...attrs, ...more } as never);
    const dx = gradient(tf.DepthwiseConv2dNativeBackpropInput, { dy, filter }, { inputShape: x.shape });
    const dw = gradient(tf.DepthwiseConv2dNativeBackpropFilter, { x, dy }, { filterShape: filter.shape });
    const check = async (target: tf.Tensor4D, derivative: tf.Tensor4D, output: (unit: tf.Tensor4D) => tf.Tensor4D) => {
      const found = await derivative.data();
      expect(derivative.shape).toEqual(target.shape);
      for (let i = 0; i < target.size; i++) {
        const unit = tf.tensor4d(
          Float32Array.from({ length: target.size }, (_, k) => (k === i ? 1 : 0)),
          target.shape,
        );
        const expected = (await tf.tidy(() => tf.sum(tf.mul(dy, output(unit)))).data())[0]!;
        expect(Math.abs(found[i]! - expected)).toBeLessThan(1e-4 * Math.max(1, Math.abs(expected)));
      }
    };
    await check(filter, dw, (unit) => forward(x, unit));
    await check(x, dx, (unit) => forward(unit, filter));
  });
});
