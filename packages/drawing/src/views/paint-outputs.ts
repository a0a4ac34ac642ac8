import { blend } from '../blend.js';
import { createImage } from '../create-image.js';
import type { Color, GrayImage, RgbImage } from '../types.js';

/** Hues for numbered things, easy to tell apart; later ones repeat. */
export const ID_COLORS: readonly Color[] = [
  [154, 160, 166],
  [214, 69, 65],
  [243, 156, 18],
  [241, 208, 72],
  [39, 174, 96],
  [22, 160, 133],
  [52, 152, 219],
  [58, 83, 197],
  [142, 68, 173],
  [232, 121, 176],
  [149, 102, 62],
  [183, 214, 122],
  [255, 178, 138],
  [116, 214, 214],
  [176, 170, 232],
  [92, 104, 120],
];

function over(image: RgbImage, mask: GrayImage, background: Color): RgbImage {
  return blend(createImage(mask.width, mask.height, background), image, mask);
}

/**
 * Normals of a render as colours: red grows to the right, green upwards, blue towards the viewer.
 *
 * @param normals [H·W, 3], camera frame
 */
export function paintNormals(normals: ArrayLike<number>, mask: GrayImage, background: Color = [0, 0, 0]): RgbImage {
  const image = createImage(mask.width, mask.height);
  for (let i = 0; i < image.data.length; i += 3) {
    image.data[i] = Math.round(127.5 + 127.5 * normals[i]!);
    image.data[i + 1] = Math.round(127.5 - 127.5 * normals[i + 1]!);
    image.data[i + 2] = Math.round(127.5 - 127.5 * normals[i + 2]!);
  }
  return over(image, mask, background);
}

/** Parts, objects or faces of a render as colours; −1 is the background. */
export function paintIds(ids: ArrayLike<number>, mask: GrayImage, background: Color = [0, 0, 0]): RgbImage {
  const image = createImage(mask.width, mask.height);
  for (let i = 0; i < ids.length; i++) if (ids[i]! >= 0) image.data.set(ID_COLORS[ids[i]! % ID_COLORS.length]!, 3 * i);
  return over(image, mask, background);
}

/** Depth of a render as grey: white is the nearest of the picture, dark grey the farthest. */
export function paintDepth(depth: ArrayLike<number>, mask: GrayImage, background: Color = [0, 0, 0]): RgbImage {
  let [near, far] = [Infinity, -Infinity];
  for (let i = 0; i < depth.length; i++) {
    const z = depth[i]!;
    if (z === Infinity) continue;
    if (z < near) near = z;
    if (z > far) far = z;
  }
  const image = createImage(mask.width, mask.height);
  for (let i = 0; i < depth.length; i++) {
    if (depth[i] === Infinity) continue;
    const share = far > near ? (depth[i]! - near) / (far - near) : 0;
    image.data.fill(Math.round(255 - 205 * share), 3 * i, 3 * i + 3);
  }
  return over(image, mask, background);
}
