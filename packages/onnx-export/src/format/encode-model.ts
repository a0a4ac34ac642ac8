import { ProtobufWriter } from '@opposable/array-files';
import type { Attribute, Graph, GraphNode, GraphTensor, GraphValue } from '../graph/types.js';

/** Field numbers of onnx/onnx.proto. */
const MODEL = { irVersion: 1, producerName: 2, graph: 7, opsetImport: 8, metadata: 14 } as const;
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, float: 2, integer: 3, text: 4, floats: 7, integers: 8, type: 20 } as const;
const TENSOR = { dims: 1, dataType: 2, name: 8, rawData: 9 } as const;

/** AttributeProto.AttributeType */
const ATTRIBUTE_TYPE = { float: 1, integer: 2, text: 3, integers: 7 } as const;
/** TensorProto.DataType */
const FLOAT = 1;
const INT64 = 7;

/** What is written: the format of ONNX 1.12 and the operators of that release's set. */
const IR_VERSION = 8;
export const OPSET_VERSION = 17;

function encodeAttribute(name: string, value: Attribute): ProtobufWriter {
  const message = new ProtobufWriter().text(ATTRIBUTE.name, name);
  if (typeof value === 'string')
    return message.text(ATTRIBUTE.text, value).integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.text);
  if (typeof value === 'number') {
    return message.integer(ATTRIBUTE.integer, value).integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.integer);
  }
  if ('float' in value) {
    return message.float(ATTRIBUTE.float, value.float).integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.float);
  }
  return message.integers(ATTRIBUTE.integers, value).integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.integers);
}

function encodeNode({ name, operator, inputs, outputs, attributes }: GraphNode): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const input of inputs) message.text(NODE.input, input);
  for (const output of outputs) message.text(NODE.output, output);
  message.text(NODE.name, name).text(NODE.opType, operator);
  for (const [key, value] of Object.entries(attributes)) message.message(NODE.attribute, encodeAttribute(key, value));
  return message;
}

/** Little-endian, as the format asks for. */
function rawBytes(data: Float32Array | BigInt64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(data.byteLength));
  if (data instanceof Float32Array) data.forEach((value, i) => view.setFloat32(4 * i, value, true));
  else data.forEach((value, i) => view.setBigInt64(8 * i, value, true));
  return new Uint8Array(view.buffer);
}

function encodeTensor({ name, shape, data }: GraphTensor): ProtobufWriter {
  return new ProtobufWriter()
    .integers(TENSOR.dims, shape)
    .integer(TENSOR.dataType, data instanceof Float32Array ? FLOAT : INT64)
    .text(TENSOR.name, name)
    .bytes(TENSOR.rawData, rawBytes(data));
}

/** Dimensions are numbers, or names of those that may differ from call to call. */
function encodeValue({ name, shape }: GraphValue): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const size of shape) {
    const dimension = new ProtobufWriter();
    dimensions.message(1, typeof size === 'number' ? dimension.integer(1, size) : dimension.text(2, size));
  }
  const tensorType = new ProtobufWriter().integer(1, FLOAT).message(2, dimensions);
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensorType));
}

/** The bytes of an ONNX file (ModelProto). */
export function encodeModel(graph: Graph): Uint8Array {
  const body = new ProtobufWriter();
  for (const node of graph.nodes) body.message(GRAPH.node, encodeNode(node));
  body.text(GRAPH.name, graph.name);
  for (const tensor of graph.tensors) body.message(GRAPH.initializer, encodeTensor(tensor));
  for (const value of graph.inputs) body.message(GRAPH.input, encodeValue(value));
  for (const value of graph.outputs) body.message(GRAPH.output, encodeValue(value));
  const model = new ProtobufWriter()
    .integer(MODEL.irVersion, IR_VERSION)
    .text(MODEL.producerName, 'opposable')
    .message(MODEL.graph, body)
    .message(MODEL.opsetImport, new ProtobufWriter().text(1, '').integer(2, OPSET_VERSION));
  for (const [key, value] of Object.entries(graph.metadata)) {
    model.message(MODEL.metadata, new ProtobufWriter().text(1, key).text(2, value));
  }
  return model.finish();
}
