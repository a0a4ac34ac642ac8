import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';

/** The numbers of one 2-D convolution, NHWC. */
export interface ConvGeometry {
  batch: number;
  inHeight: number;
  inWidth: number;
  inChannels: number;
  outHeight: number;
  outWidth: number;
  outChannels: number;
  filterHeight: number;
  filterWidth: number;
  strideHeight: number;
  strideWidth: number;
  dilationHeight: number;
  dilationWidth: number;
  padTop: number;
  padLeft: number;
}

export interface ConvGeometryOptions {
  /** Kernel name, for the error message. */
  operation: string;
  inShape: number[];
  filterShape: number[];
  strides: number | [number, number];
  dilations?: number | [number, number] | undefined;
  pad: unknown;
  dimRoundingMode?: 'floor' | 'round' | 'ceil' | undefined;
  dataFormat?: string | undefined;
  depthwise?: boolean;
}

/** @throws ConfigError if the data format is not NHWC */
export function convGeometry(options: ConvGeometryOptions): ConvGeometry {
  const { operation, inShape, filterShape, strides, dilations, pad, dimRoundingMode, dataFormat, depthwise } = options;
  if (dataFormat !== undefined && dataFormat !== 'NHWC') {
    throw new ConfigError(`${operation}: expected dataFormat "NHWC" on the wasm backend, got "${dataFormat}".`, {
      expected: 'NHWC',
      actual: dataFormat,
    });
  }
  const info = tf.backend_util.computeConv2DInfo(
    inShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad as 'same',
    dimRoundingMode,
    depthwise ?? false,
  );
  return {
    batch: info.batchSize,
    inHeight: info.inHeight,
    inWidth: info.inWidth,
    inChannels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    dilationHeight: info.dilationHeight,
    dilationWidth: info.dilationWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
  };
}
