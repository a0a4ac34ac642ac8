import type { GraphBuilder } from '../graph/graph-builder.js';

/** Weights as ONNX and PyTorch have them: [out, in, k, k], [out, in]. */
export interface HostArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A layer of a network as plain data. */
export interface LayerDescription {
  readonly name: string;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** By PyTorch's words: weight, bias, running_mean, running_var. */
  readonly weights: Readonly<Record<string, HostArray>>;
  /** Names of the layers that it takes its inputs from. */
  readonly inputs: readonly string[];
  /** Shapes of the inputs as TensorFlow.js has them, the batch null. */
  readonly inputShapes: readonly (readonly (number | null)[])[];
  readonly outputShape: readonly (number | null)[];
}

/** A value in the graph. Maps [B, H, W, C] of TensorFlow.js may lie as [B, C, H, W], which is what ONNX's operators take. */
export interface LayerValue {
  readonly name: string;
  readonly layout: 'channels-last' | 'channels-first' | 'vector';
}

/** What converters work with. */
export interface LayerContext {
  readonly graph: GraphBuilder;
  /** The name of the same map with its channels first. */
  readonly channelsFirst: (value: LayerValue) => string;
  /** The name of the same map with its channels last; a vector is what it is. */
  readonly channelsLast: (value: LayerValue) => string;
}

/** Writes one layer into the graph. */
export type LayerConverter = (
  layer: LayerDescription,
  inputs: readonly LayerValue[],
  context: LayerContext,
) => LayerValue;
