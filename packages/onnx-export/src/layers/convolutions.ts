import { activate } from './activations.js';
import { samePadding } from './same-padding.js';
import type { LayerConverter, LayerDescription } from './types.js';

/** Attributes that convolutions and poolings share: [height, width] in, [top, left, bottom, right] of padding out. */
export function windowAttributes(
  { config, inputShapes }: LayerDescription,
  size: readonly number[],
  strides: readonly number[],
  dilations: readonly number[] = [1, 1],
): { kernel_shape: number[]; strides: number[]; pads: number[] } {
  const [, height, width] = inputShapes[0]!;
  const same = config['padding'] === 'same';
  const pads = [height!, width!].map((side, i) =>
    same ? samePadding(side, size[i]!, strides[i]!, dilations[i]!) : [0, 0],
  );
  return {
    kernel_shape: [...size],
    strides: [...strides],
    pads: [pads[0]![0]!, pads[1]![0]!, pads[0]![1]!, pads[1]![1]!],
  };
}

function convolution(grouped: boolean): LayerConverter {
  return (layer, [input], { graph, channelsFirst }) => {
    const { name, config, weights } = layer;
    const { weight, bias } = weights;
    const dilations = config['dilationRate'] as number[];
    const inputs = [
      channelsFirst(input!),
      graph.constant(weight!.data, weight!.shape, `${name}.weight`),
      ...(bias === undefined ? [] : [graph.constant(bias.data, bias.shape, `${name}.bias`)]),
    ];
    const attributes = {
      ...windowAttributes(layer, config['kernelSize'] as number[], config['strides'] as number[], dilations),
      dilations,
      group: grouped ? weight!.shape[0]! : 1,
    };
    const value = { name: graph.apply('Conv', inputs, attributes, name), layout: 'channels-first' } as const;
    return activate(graph, value, layer);
  };
}

export const conv2d = convolution(false);
export const depthwiseConv2d = convolution(true);

export const dense: LayerConverter = (layer, [input], { graph, channelsLast }) => {
  const { name, weights } = layer;
  const { weight, bias } = weights;
  const inputs = [
    channelsLast(input!),
    graph.constant(weight!.data, weight!.shape, `${name}.weight`),
    ...(bias === undefined ? [] : [graph.constant(bias.data, bias.shape, `${name}.bias`)]),
  ];
  return activate(graph, { name: graph.apply('Gemm', inputs, { transB: 1 }, name), layout: 'vector' }, layer);
};
