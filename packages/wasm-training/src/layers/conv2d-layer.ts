import * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable } from './layer.js';

/** What `Conv2D` and `DepthwiseConv2D` of tfjs-layers have in common; this package does not import them. */
export interface ConvolutionLayer {
  readonly strides: [number, number];
  readonly padding: 'same' | 'valid' | 'causal';
  readonly dilationRate: [number, number];
  readonly dataFormat: 'channelsLast' | 'channelsFirst';
  readonly bias?: LayerVariable | null;
  readonly activation: { apply(x: tf.Tensor): tf.Tensor };
}

export interface Conv2DLayer extends ConvolutionLayer {
  readonly kernel: LayerVariable;
}

export interface DepthwiseConv2DLayer extends ConvolutionLayer {
  readonly depthwiseKernel: LayerVariable;
}

/** Zeros around the images, or how many of them are computed from the images' size. */
export type Padding = 'same' | 'valid' | tf.backend_util.ExplicitPadding;

function finish(layer: ConvolutionLayer, y: tf.Tensor): tf.Tensor {
  return layer.activation.apply(layer.bias ? tf.add(y, layer.bias.read()) : y);
}

/** What a `Conv2D` gives of images [N, H, W, C], by operations whose gradients compute only what is asked for. */
export function convolution(layer: Conv2DLayer, images: tf.Tensor4D, padding: Padding): tf.Tensor {
  const { kernel, strides, dilationRate } = layer;
  return tf.tidy(() =>
    finish(layer, tf.conv2d(images, kernel.read() as tf.Tensor4D, strides, padding, 'NHWC', dilationRate)),
  );
}

/** The same of a `DepthwiseConv2D`. */
export function depthwiseConvolution(layer: DepthwiseConv2DLayer, images: tf.Tensor4D, padding: Padding): tf.Tensor {
  const { depthwiseKernel, strides, dilationRate } = layer;
  return tf.tidy(() =>
    finish(
      layer,
      tf.depthwiseConv2d(images, depthwiseKernel.read() as tf.Tensor4D, strides, padding, 'NHWC', dilationRate),
    ),
  );
}
