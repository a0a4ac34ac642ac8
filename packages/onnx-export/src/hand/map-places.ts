import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import type { LayerConverter } from '../layers/types.js';

/** See `MapPlaces` of @opposable/hand-regressor, whose numbers these are. */
const COLOURS = 3;
const NUMBERS = 4;
const UNIT = 40;
const FLOOR = 1e-12;

/** [S², 5] of every pixel: 1, x, y, x², y². */
function moments(side: number): number[] {
  const along = Array.from({ length: side }, (_, i) => {
    const pixel = ((i + 0.5) * HAND_PARAMETER_FRAME) / side - 0.5;
    return (pixel - HAND_PARAMETER_FRAME / 2) / UNIT;
  });
  return along.flatMap((y) => along.flatMap((x) => [1, x, y, x ** 2, y ** 2]));
}

/** Where the maps beside an image have their keypoints: places, spreads and heights. */
export const mapPlaces: LayerConverter = ({ name, inputShapes, outputShape }, [input], { graph, channelsFirst }) => {
  const side = inputShapes[0]![1]!;
  const count = outputShape.at(-1)! / NUMBERS;
  const maps = graph.reshape(graph.slice(channelsFirst(input!), COLOURS, count, 1), [0, count, side * side]);
  const weights = graph.add(graph.mul(maps, graph.mul(maps, maps)), graph.scalar(FLOOR));
  const sums = graph.matMul(weights, graph.constant(moments(side), [side * side, 5], `${name}.moments`)); // [B, K, 5]
  const column = (i: number): string => graph.reshape(graph.slice(sums, i, 1, 2), [0, count]);
  const mean = (value: string): string => graph.div(value, column(0));
  const [u, v] = [mean(column(1)), mean(column(2))];
  const around = graph.add(graph.mul(u, u), graph.mul(v, v));
  const variance = graph.sub(mean(graph.add(column(3), column(4))), around);
  const spread = graph.apply('Sqrt', [graph.apply('Relu', [variance])]);
  const height = graph.apply('ReduceMax', [maps], { axes: [2], keepdims: 0 });
  return { name: graph.apply('Concat', [u, v, spread, height], { axis: 1 }, name), layout: 'vector' };
};
