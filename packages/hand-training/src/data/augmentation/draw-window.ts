import type { Rng } from '@opposable/tensor-checks';
import type { Augmentation } from './settings.js';
import type { Window } from './similarity.js';

/** The image of 3dhand and its window, in pixels. */
const IMAGE_3DHAND = 320;
const WINDOW_3DHAND = 306;
const OFFSET_3DHAND = 10;

/**
 * A random window of a square image.
 *
 * @param side of the image in pixels
 */
export function drawWindow(rng: Rng, how: Augmentation, side: number): Window {
  const { shift = 0, rotation = 0, scale = [1, 1], window3dhand = false } = how;
  const unit = side / IMAGE_3DHAND;
  const base = window3dhand ? WINDOW_3DHAND * unit : side;
  const begin = (): number => (window3dhand ? rng.integer(0, OFFSET_3DHAND) * unit : 0);
  const [left, top] = [begin(), begin()];
  const windowSide = base / rng.uniform(scale[0], scale[1]);
  const reach = shift * base;
  const middle = (start: number): number => start + (base - 1) / 2 + rng.uniform(-reach, reach);
  return {
    center: [middle(left), middle(top)],
    side: windowSide,
    angle: (rng.uniform(-rotation, rotation) * Math.PI) / 180,
  };
}
