import * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable } from './layer.js';

/** What `Conv2D` and `DepthwiseConv2D` of tfjs-layers have in common; this package does not import them. */
export interface ConvolutionLayer {
  readonly strides: [number, number];
  readonly padding: 'same' | 'valid' | 'causal';
  readonly dilationRate: [number, number];
  readonly dataFormat: 'channelsLast' | 'channelsFirst';
  readonly bias?: LayerVariable | null;
  readonly activation: { apply(x: tf.Tensor): tf.Tensor; getClassName(): string };
}

export interface Conv2DLayer extends ConvolutionLayer {
  readonly kernel: LayerVariable;
}

export interface DepthwiseConv2DLayer extends ConvolutionLayer {
  readonly depthwiseKernel: LayerVariable;
}

/** Zeros around the images, or how many of them are computed from the images' size. */
export type Padding = 'same' | 'valid' | tf.backend_util.ExplicitPadding;

const biased = ({ bias }: ConvolutionLayer, y: tf.Tensor): tf.Tensor => (bias ? tf.add(y, bias.read()) : y);

/** What a `Conv2D` gives of images [N, H, W, C] before its activation, by operations whose gradients compute only what is asked for. */
export function biasedConvolution(layer: Conv2DLayer, images: tf.Tensor4D, padding: Padding): tf.Tensor {
  const { kernel, strides, dilationRate } = layer;
  const filter = kernel.read() as tf.Tensor4D;
  return tf.tidy(() => biased(layer, tf.conv2d(images, filter, strides, padding, 'NHWC', dilationRate)));
}

/** Activations that a convolution's kernel does itself. */
const FUSED = ['linear', 'relu', 'elu'] as const;

/**
 * What a `Conv2D` gives of images [N, H, W, C]: in one kernel, or, while a gradient is computed, as {@link biasedConvolution}.
 */
export function convolution(layer: Conv2DLayer, images: tf.Tensor4D, padding: Padding): tf.Tensor {
  const { kernel, bias, strides, dilationRate, activation: by } = layer;
  return tf.tidy(() => {
    const activation = FUSED.find((name) => name === by.getClassName());
    if (activation === undefined || tf.engine().state.gradientDepth > 0) {
      return by.apply(biasedConvolution(layer, images, padding));
    }
    return tf.fused.conv2d({
      ...{
        x: images,
        filter: kernel.read() as tf.Tensor4D,
        strides,
        pad: padding,
        dataFormat: 'NHWC',
        dilations: dilationRate,
        activation,
      },
      ...(bias ? { bias: bias.read() } : {}),
    });
  });
}

/** The same of a `DepthwiseConv2D`. */
export function depthwiseConvolution(layer: DepthwiseConv2DLayer, images: tf.Tensor4D, padding: Padding): tf.Tensor {
  const { depthwiseKernel, strides, dilationRate, activation } = layer;
  return tf.tidy(() => {
    const filter = depthwiseKernel.read() as tf.Tensor4D;
    return activation.apply(biased(layer, tf.depthwiseConv2d(images, filter, strides, padding, 'NHWC', dilationRate)));
  });
}
