import { handLayers } from '../hand/hand-layers.js';
import { activation, relu } from './activations.js';
import { conv2d, dense, depthwiseConv2d } from './convolutions.js';
import * as maps from './maps.js';
import type { LayerConverter } from './types.js';

/** Converters by the class names of layers: those of TensorFlow.js that the networks here are made of, and their own. */
export const LAYER_CONVERTERS: Readonly<Record<string, LayerConverter>> = {
  Activation: activation,
  Add: maps.add,
  AveragePooling2D: maps.averagePooling2d,
  BatchNormalization: maps.batchNormalization,
  Concatenate: maps.concatenate,
  Conv2D: conv2d,
  Dense: dense,
  DepthwiseConv2D: depthwiseConv2d,
  Dropout: maps.identity,
  Flatten: maps.flatten,
  GlobalAveragePooling2D: maps.globalAveragePooling2d,
  Identity: maps.identity,
  MaxPooling2D: maps.maxPooling2d,
  ReLU: relu,
  ZeroPadding2D: maps.zeroPadding2d,
  ...handLayers,
};
