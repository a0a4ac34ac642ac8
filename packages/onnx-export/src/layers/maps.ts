import { windowAttributes } from './convolutions.js';
import { normalizationAffine } from './fold-batch-normalization.js';
import type { LayerConverter } from './types.js';

const CHANNELS_FIRST = 'channels-first';

export const batchNormalization: LayerConverter = (layer, [input], { graph, channelsFirst }) => {
  const { name, config, weights, outputShape } = layer;
  const channels = outputShape.at(-1)!;
  const array = (key: string, otherwise: number): string =>
    graph.constant(weights[key]?.data ?? new Float32Array(channels).fill(otherwise), [channels], `${name}.${key}`);
  if (input!.layout === 'vector') {
    const { scale, shift } = normalizationAffine(layer);
    const scaled = graph.mul(input!.name, graph.constant(scale, [channels], `${name}.scale`));
    return { name: graph.add(scaled, graph.constant(shift, [channels], `${name}.shift`)), layout: 'vector' };
  }
  const inputs = [
    channelsFirst(input!),
    ...[array('weight', 1), array('bias', 0), array('running_mean', 0), array('running_var', 1)],
  ];
  const epsilon = { float: config['epsilon'] as number };
  return { name: graph.apply('BatchNormalization', inputs, { epsilon }, name), layout: CHANNELS_FIRST };
};

export const zeroPadding2d: LayerConverter = ({ name, config }, [input], { graph, channelsFirst }) => {
  const [[top, bottom], [left, right]] = config['padding'] as [[number, number], [number, number]];
  const pads = graph.integers([0, 0, top, left, 0, 0, bottom, right]);
  return { name: graph.apply('Pad', [channelsFirst(input!), pads], {}, name), layout: CHANNELS_FIRST };
};

export const maxPooling2d: LayerConverter = (layer, [input], { graph, channelsFirst }) => {
  const { name, config } = layer;
  const attributes = windowAttributes(layer, config['poolSize'] as number[], config['strides'] as number[]);
  return { name: graph.apply('MaxPool', [channelsFirst(input!)], attributes, name), layout: CHANNELS_FIRST };
};

/** Padding does not count, as in TensorFlow. */
export const averagePooling2d: LayerConverter = (layer, [input], { graph, channelsFirst }) => {
  const { name, config } = layer;
  const attributes = windowAttributes(layer, config['poolSize'] as number[], config['strides'] as number[]);
  const inputs = [channelsFirst(input!)];
  const output = graph.apply('AveragePool', inputs, { ...attributes, count_include_pad: 0 }, name);
  return { name: output, layout: CHANNELS_FIRST };
};

export const globalAveragePooling2d: LayerConverter = ({ name }, [input], { graph, channelsFirst }) => {
  const mean = graph.apply('GlobalAveragePool', [channelsFirst(input!)], {}, name);
  return { name: graph.apply('Flatten', [mean], { axis: 1 }), layout: 'vector' };
};

export const flatten: LayerConverter = ({ name }, [input], { graph, channelsLast }) => ({
  name: graph.apply('Flatten', [channelsLast(input!)], { axis: 1 }, name),
  layout: 'vector',
});

export const add: LayerConverter = ({ name }, inputs, { graph, channelsFirst }) => {
  const isVector = inputs[0]!.layout === 'vector';
  const names = inputs.map((input) => (isVector ? input.name : channelsFirst(input)));
  const sum = names.slice(1).reduce((a, b) => graph.apply('Add', [a, b], {}, name), names[0]!);
  return { name: sum, layout: isVector ? 'vector' : CHANNELS_FIRST };
};

/** Along the last axis, that of the channels. */
export const concatenate: LayerConverter = ({ name }, inputs, { graph, channelsFirst }) => {
  const isVector = inputs[0]!.layout === 'vector';
  const names = inputs.map((input) => (isVector ? input.name : channelsFirst(input)));
  return {
    name: graph.apply('Concat', names, { axis: 1 }, name),
    layout: isVector ? 'vector' : CHANNELS_FIRST,
  };
};

export const identity: LayerConverter = (_layer, [input]) => input!;
