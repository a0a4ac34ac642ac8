import * as tf from '@tensorflow/tfjs-core';
import { hasKernel } from '../ops/registered-kernel.js';
import { BATCH_NORM } from '../training-kernels/batch-norm.js';
import {
  type Conv2DLayer,
  convolution,
  type ConvolutionLayer,
  depthwiseConvolution,
  type DepthwiseConv2DLayer,
  type Padding,
} from './conv2d-layer.js';
import { onlyOne } from './layer.js';
import { type GraphLayer, isReplaced, type ModelGraph, readGraph } from './model-graph.js';

// Notes. A step of ResNet-18 as PyTorch pads it, 16 images of 128 px, one core of a noisy machine: with 24 channels 2,417 ms before,
// 2,217 and 2,301 without the gradient of the images (see `conv2d-in-training.ts`), 1,619 and 1,841 with the padding joined too; with
// 3 channels 1,622 before and 1,155 with both. Most of it is the last stage: of images 4 wide with a border, 6 wide, each input
// gradient takes 105 to 111 ms, without it 40 to 43.

/** [[top, bottom], [left, right]] of images that wait for the convolution after them. */
type Zeros = readonly [readonly [number, number], readonly [number, number]];
const waiting = new WeakMap<tf.Tensor, Zeros>();

/**
 * Joins every `ZeroPadding2D` of a model with the `Conv2D` or `DepthwiseConv2D` after it that pads nothing itself: the padded images
 * are neither written nor kept, and no gradient of the zeros is computed. Results stay the same up to rounding; backends without
 * this package's kernels stay as they are.
 *
 * Only where both are used once and the padding is no output of the model. What the padding layer gives does then not exist: do not
 * make it an output of another model.
 *
 * @param model a `LayersModel` of images [N, H, W, C]; changed
 * @returns how many were joined
 */
export function foldPadding(model: ModelGraph): number {
  const { layers, nextOf } = readGraph(model);
  let count = 0;
  for (const layer of layers) {
    if (layer.getClassName() !== 'ZeroPadding2D' || isReplaced(layer)) continue;
    const next = nextOf(layer);
    const convolve = next && !isReplaced(next) ? convolutionOf(next) : undefined;
    if (convolve === undefined) continue;
    const { padding, dataFormat } = layer.getConfig() as { padding: Zeros; dataFormat: string };
    if (dataFormat !== 'channelsLast') continue;
    leaveOut(layer, padding);
    padInside(next!, convolve);
    count++;
  }
  return count;
}

type Convolve = (images: tf.Tensor4D, padding: Padding) => tf.Tensor;

/** How a layer convolves with other padding than its own, if it can. */
function convolutionOf(graph: GraphLayer): Convolve | undefined {
  const layer = graph as unknown as ConvolutionLayer;
  if (layer.padding !== 'valid' || layer.dataFormat !== 'channelsLast') return undefined;
  switch (graph.getClassName()) {
    case 'Conv2D':
      return (images, padding) => convolution(layer as Conv2DLayer, images, padding);
    case 'DepthwiseConv2D':
      // The layer leaves its dilation aside.
      if (!tf.backend_util.tupleValuesAreOne(layer.dilationRate)) return undefined;
      return (images, padding) => depthwiseConvolution(layer as DepthwiseConv2DLayer, images, padding);
    default:
      return undefined;
  }
}

function leaveOut(layer: GraphLayer, zeros: Zeros): void {
  const call = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => {
    if (!hasKernel(BATCH_NORM)) return call(inputs, kwargs); // registered with the convolutions
    const placeholder = tf.clone(onlyOne(inputs));
    waiting.set(placeholder, zeros);
    return placeholder;
  };
}

function padInside(layer: GraphLayer, convolve: Convolve): void {
  const call = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => {
    const images = onlyOne<tf.Tensor4D>(inputs);
    const zeros = waiting.get(images);
    if (zeros === undefined) return call(inputs, kwargs);
    const [vertical, horizontal] = zeros;
    return convolve(images, [[0, 0], [...vertical], [...horizontal], [0, 0]]);
  };
}
