import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { turnAboutZ } from '../graph/rotations.js';
import type { GraphBuilder } from '../graph/graph-builder.js';
import type { LayerConverter } from '../layers/types.js';
import { mapPlaces } from './map-places.js';
import { placeCoarsely, REFINE_TRANSLATION_UNIT, windowSides } from './coarse-placement.js';

/** Added to the deviation of a picture, see `StandardizeImage` of @opposable/hand-regressor. */
const STANDARDIZE_FLOOR = 0.02;
const COLOURS = 3;

/** (x − mean) / deviation; channels beyond the colours pass. */
const normalizeImage: LayerConverter = ({ name, config, outputShape }, [input], { graph, channelsLast }) => {
  const channels = outputShape.at(-1)!;
  const padded = (key: string, otherwise: number): string => {
    const values = config[key] as number[];
    const all = Array.from({ length: channels }, (_, c) => values[c] ?? otherwise);
    return graph.constant(all, [channels], `${name}.${key}`);
  };
  const centred = graph.sub(channelsLast(input!), padded('mean', 0));
  return { name: graph.apply('Div', [centred, padded('deviation', 1)], {}, name), layout: 'channels-last' };
};

/** offset + scale ⊙ x over the last axis. */
const outputAffine: LayerConverter = ({ name, config }, [input], { graph, channelsLast }) => {
  const array = (key: string): string => {
    const values = config[key] as number[];
    return graph.constant(values, [values.length], `${name}.${key}`);
  };
  const layout = input!.layout === 'vector' ? 'vector' : 'channels-last';
  const scaled = graph.mul(channelsLast(input!), array('scale'));
  return { name: graph.apply('Add', [scaled, array('offset')], {}, name), layout };
};

/** (x − mean of its channel) / (σ over the three colours + floor); channels beyond the colours pass. */
const standardizeImage: LayerConverter = ({ name, outputShape }, [input], { graph, channelsLast }) => {
  const channels = outputShape.at(-1)!;
  const all = channelsLast(input!);
  const image = channels > COLOURS ? graph.slice(all, 0, COLOURS, 3) : all;
  const mean = (value: string, axes: number[]): string => graph.apply('ReduceMean', [value], { axes, keepdims: 1 });
  const centred = graph.sub(image, mean(image, [1, 2]));
  const deviation = graph.apply('Sqrt', [mean(graph.mul(centred, centred), [1, 2, 3])]);
  const standard = graph.div(centred, graph.add(deviation, graph.scalar(STANDARDIZE_FLOOR)));
  const output =
    channels > COLOURS ? graph.concat([standard, graph.slice(all, COLOURS, channels - COLOURS, 3)], 3) : standard;
  return { name: graph.apply('Identity', [output], {}, name), layout: 'channels-last' };
};

/** Twice the size, half-pixel centres, the border repeated. */
const upsampleBilinear: LayerConverter = ({ name }, [input], { graph, channelsFirst }) => {
  const scales = graph.constant([1, 1, 2, 2], [4], `${name}.scales`);
  const attributes = { mode: 'linear', coordinate_transformation_mode: 'half_pixel' };
  const output = graph.apply('Resize', [channelsFirst(input!), '', scales], attributes, name);
  return { name: output, layout: 'channels-first' };
};

/** (column, row, 1) of every pixel of a square window, [1, S·S, 3]. */
function pixelGrid(graph: GraphBuilder, side: number): string {
  const rows = Array.from({ length: side * side }, (_, i) => [i % side, Math.floor(i / side), 1]);
  return graph.constant(rows.flat(), [1, side * side, 3], 'pixel-grid');
}

/**
 * The turned window around a coarse guess: the affine map of its pixels to pixels of the image, then bilinear sampling with
 * black beyond the border.
 */
const handWindow: LayerConverter = (layer, [image, coarse], { graph, channelsFirst }) => {
  const { name, config, inputShapes } = layer;
  const windowSize = config['windowSize'] as number;
  const side = inputShapes[0]![1]!;
  const factor = side / HAND_PARAMETER_FRAME;
  const placed = placeCoarsely(graph, coarse!.name, layer);
  const step = graph.mul(windowSides(graph, placed, layer), graph.scalar(factor / windowSize));
  const angle = graph.slice(placed, 3, 1);
  const [cos, sin] = [graph.mul(step, graph.apply('Cos', [angle])), graph.mul(step, graph.apply('Sin', [angle]))];
  const middle = graph.scalar((windowSize - 1) / 2);
  const from = (i: number, turned: string): string => {
    const centre = graph.add(
      graph.mul(graph.slice(placed, i, 1), graph.scalar(factor)),
      graph.scalar(0.5 * factor - 0.5),
    );
    return graph.sub(centre, graph.mul(turned, middle));
  };
  const entries = [
    ...[cos, graph.apply('Neg', [sin]), from(1, graph.sub(cos, sin))],
    ...[sin, cos, from(2, graph.add(sin, cos))],
  ];
  const affine = graph.apply('Transpose', [graph.reshape(graph.concat(entries, 1), [0, 2, 3])], { perm: [0, 2, 1] });
  const pixels = graph.matMul(pixelGrid(graph, windowSize), affine); // [B, W·W, 2]
  const normalized = graph.sub(graph.mul(pixels, graph.scalar(2 / (side - 1))), graph.scalar(1));
  const grid = graph.reshape(normalized, [0, windowSize, windowSize, 2]);
  const attributes = { mode: 'bilinear', padding_mode: 'zeros', align_corners: 1 };
  const output = graph.apply('GridSample', [channelsFirst(image!), grid], attributes, name);
  return { name: output, layout: 'channels-first' };
};

/** The coarse guess and what the window showed, together. */
const refinePlacement: LayerConverter = (layer, [coarse, fine], { graph }) => {
  const { name, config, outputShape } = layer;
  const width = outputShape[1]!;
  const placed = placeCoarsely(graph, coarse!.name, layer);
  const part = (start: number, size: number): string => graph.slice(fine!.name, start, size);
  const unit = graph.scalar((config['scale'] as number[])[0]!);
  const scale = graph.add(graph.slice(placed, 0, 1), graph.mul(part(0, 1), unit));
  const side = graph.mul(windowSides(graph, placed, layer), graph.scalar(REFINE_TRANSLATION_UNIT));
  const translation = graph.add(graph.slice(placed, 1, 2), graph.mul(part(1, 2), side));
  const rotation = turnAboutZ(graph, graph.slice(placed, 3, 1), part(3, 3));
  const all = [scale, translation, rotation, part(6, width - 6)];
  return { name: graph.apply('Concat', all, { axis: 1 }, name), layout: 'vector' };
};

/** Converters of the layers of @opposable/hand-regressor. */
export const handLayers: Readonly<Record<string, LayerConverter>> = {
  OpposableHandWindow: handWindow,
  OpposableMapPlaces: mapPlaces,
  OpposableNormalizeImage: normalizeImage,
  OpposableOutputAffine: outputAffine,
  OpposableRefinePlacement: refinePlacement,
  OpposableStandardizeImage: standardizeImage,
  OpposableUpsampleBilinear: upsampleBilinear,
};
