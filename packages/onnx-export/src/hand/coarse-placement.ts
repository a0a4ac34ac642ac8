import type { GraphBuilder } from '../graph/graph-builder.js';
import type { LayerDescription } from '../layers/types.js';

/** A unit of the refined translation, as a part of the window's side: that of `RefinePlacement`. */
export const REFINE_TRANSLATION_UNIT = 0.15;

/** [B, 4] → [B, 4]: scale in px/m, u, v in pixels of the 256 frame, angle in radians. */
export function placeCoarsely(graph: GraphBuilder, numbers: string, { name, config }: LayerDescription): string {
  const array = (key: string): string => graph.constant(config[key] as number[], [4], `${name}.${key}`);
  return graph.add(graph.mul(numbers, array('scale')), array('offset'));
}

/** [B, 1] side of the window in pixels of the 256 frame. */
export function windowSides(graph: GraphBuilder, placed: string, { config }: LayerDescription): string {
  const [low, high] = config['windowRange'] as [number, number];
  const side = graph.mul(graph.slice(placed, 0, 1), graph.scalar(config['windowMetres'] as number));
  return graph.apply('Clip', [side, graph.scalar(low), graph.scalar(high)]);
}
