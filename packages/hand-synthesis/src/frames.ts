/**
 * Two frames of the same square picture: pixels of the image, and the 256 × 256 pixels in which the 22 numbers are
 * written. Both have pixel centres at integers and the same borders (−0.5 and side − 0.5), so
 * `image = (frame + 0.5) · size / 256 − 0.5`, and lengths scale by size / 256.
 */
import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';

/** A column or row of the 256 frame in pixels of an image with the given side. */
export function imageFromParameterFrame(value: number, size: number): number {
  return ((value + 0.5) * size) / HAND_PARAMETER_FRAME - 0.5;
}

/** A column or row in pixels of an image with the given side, in the 256 frame. */
export function parameterFrameFromImage(value: number, size: number): number {
  return ((value + 0.5) * HAND_PARAMETER_FRAME) / size - 0.5;
}
