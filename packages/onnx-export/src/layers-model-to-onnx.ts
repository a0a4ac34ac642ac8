import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { encodeModel } from './format/encode-model.js';
import { GraphBuilder } from './graph/graph-builder.js';
import type { GraphValue } from './graph/types.js';
import { convertLayers } from './layers/convert-layers.js';
import { describeLayers } from './layers/describe-layers.js';
import { foldBatchNormalization } from './layers/fold-batch-normalization.js';

export interface OnnxOptions {
  /** Whether normalisations behind convolutions go into their weights. Default true: smaller, faster, the same up to rounding. */
  readonly foldBatchNormalization?: boolean | undefined;
  /** Texts beside the graph. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** What an ONNX file says of itself. */
export interface OnnxFile {
  readonly bytes: Uint8Array;
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  readonly nodes: number;
  /** Normalisations that are in the weights of the layer before them. */
  readonly foldedNormalizations: number;
}

/** Adds outputs to the graph of a network: [name, shape without the batch, value]. */
export type FurtherOutputs = (graph: GraphBuilder, outputs: readonly string[]) => [string, number[], string][];

/** Size of the first axis, which is free. */
const BATCH = 'batch';

const shapeOf = ({ shape }: SymbolicTensor): (number | string)[] => shape.map((size) => size ?? BATCH);

/** A network as a graph, with what is computed from its outputs. */
export async function networkToOnnx(
  model: LayersModel,
  outputNames: readonly string[],
  { foldBatchNormalization: fold = true, metadata = {} }: OnnxOptions,
  further: FurtherOutputs = () => [],
): Promise<OnnxFile> {
  const described = await describeLayers(model);
  const ends = model.outputs.map(({ sourceLayer }) => sourceLayer.name);
  const { layers, folded } = fold ? foldBatchNormalization(described, ends) : { layers: described, folded: 0 };
  const graph = new GraphBuilder();
  const inputs = model.inputs.map((tensor) => ({ name: tensor.sourceLayer.name, shape: shapeOf(tensor) }));
  for (const { name } of inputs) graph.reserve(name);
  for (const name of outputNames) graph.reserve(name);
  const values = convertLayers(graph, layers, ends);
  const all: [string, (number | string)[], string][] = [
    ...values.map((value, i): [string, (number | string)[], string] => [
      outputNames[i]!,
      shapeOf(model.outputs[i]!),
      value,
    ]),
    ...further(graph, values).map(([name, shape, value]): [string, (number | string)[], string] => [
      name,
      [BATCH, ...shape],
      value,
    ]),
  ];
  const outputs = all.map(([name, shape, value]) => {
    graph.rename(value, name);
    return { name, shape };
  });
  const { nodes, tensors } = graph;
  const bytes = encodeModel({ name: model.name, nodes, tensors, inputs, outputs, metadata });
  return { bytes, inputs, outputs, nodes: nodes.length, foldedNormalizations: folded };
}

/**
 * A network of TensorFlow.js as an ONNX file (operator set 17).
 *
 * Inputs and outputs have the names and shapes that the model has, channels last; the first axis is free. In between, channels
 * come first, as ONNX's convolutions have them.
 *
 * @param model functional, of layers that `LAYER_CONVERTERS` knows, each used once
 * @returns the bytes and what they hold
 * @throws ConfigError for a layer, activation or topology that is not known
 */
export async function layersModelToOnnx(model: LayersModel, options: OnnxOptions = {}): Promise<OnnxFile> {
  const names = model.outputs.map(({ sourceLayer }) => sourceLayer.name);
  return networkToOnnx(model, names, options);
}
