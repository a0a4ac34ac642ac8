import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { rescalePixel } from '../data/frame.js';
import type { HeatmapCoding } from './types.js';

/** Side of the images that the 2D tutorial divides its pixels by. */
const TUTORIAL_SIZE = 224;

/**
 * A coordinate of the 256-pixel frame in cells of a map. Exact: equal borders, centres at integers. Documented: u₂₂₄·size/224
 * without half pixels, as the tutorial has it.
 */
export function frameToCell(u: number, size: number, placement: HeatmapCoding['placement']): number {
  if (placement === 'exact') return rescalePixel(u, HAND_PARAMETER_FRAME, size);
  return (rescalePixel(u, HAND_PARAMETER_FRAME, TUTORIAL_SIZE) * size) / TUTORIAL_SIZE;
}

/** The inverse of {@link frameToCell}. */
export function cellToFrame(u: number, size: number, placement: HeatmapCoding['placement']): number {
  if (placement === 'exact') return rescalePixel(u, size, HAND_PARAMETER_FRAME);
  return rescalePixel((u * TUTORIAL_SIZE) / size, TUTORIAL_SIZE, HAND_PARAMETER_FRAME);
}
