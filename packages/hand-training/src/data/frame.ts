import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';

/**
 * Pixel coordinates of an image of one size in the frame of another, both with pixel centres at integers and the same
 * borders: u' = (u + ½) · to/from − ½.
 */
export function rescalePixel(u: number, from: number, to: number): number {
  return ((u + 0.5) * to) / from - 0.5;
}

/** From pixels of a square image of side `size` to the 256-pixel frame of the 22 numbers. */
export function toParameterFrame(u: number, size: number): number {
  return rescalePixel(u, size, HAND_PARAMETER_FRAME);
}
