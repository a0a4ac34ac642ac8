import { FINGER_NAMES, type FingerName, fingerOf } from './joint-name.js';
import type { KeypointOrderLike } from './keypoint-order.js';
import { names } from './names.js';

/** sRGB, 0 … 255. */
export type Color = readonly [red: number, green: number, blue: number];

/** A colour per finger, as MMPose draws hands. */
export const FINGER_COLORS: Readonly<Record<FingerName, Color>> = Object.freeze({
  thumb: [255, 128, 0],
  index: [255, 153, 255],
  middle: [102, 178, 255],
  ring: [255, 51, 51],
  pinky: [0, 255, 0],
});

/** Colour of the wrist or palm centre. */
export const ROOT_COLOR: Color = [255, 255, 255];

/**
 * A colour for each joint of an order.
 *
 * @returns 21 colours
 * @throws KeypointOrderError for an unknown order
 *
 * @example
 * jointColors('panoptic')[4]; // → [255, 128, 0]
 */
export function jointColors(order: KeypointOrderLike): Color[] {
  return names(order).map((joint) => {
    const finger = fingerOf(joint);
    return finger === undefined ? ROOT_COLOR : FINGER_COLORS[finger];
  });
}

/**
 * A colour for each bone of `skeleton`, the same in every order: four per finger, thumb to pinky.
 *
 * @returns 20 colours
 *
 * @example
 * boneColors()[19]; // → [0, 255, 0]
 */
export function boneColors(): Color[] {
  return FINGER_NAMES.flatMap((finger) => Array.from({ length: 4 }, () => FINGER_COLORS[finger]));
}
