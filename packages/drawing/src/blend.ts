import { ConfigError } from '@opposable/tensor-checks';
import { assertChannels, assertSameSize } from './image-checks.js';
import type { Color, GrayImage, RgbImage } from './types.js';

/**
 * A new image: `over` on top of `base`, result = base + opacity · (over − base) per byte.
 *
 * @param opacity 0 … 1, or an image of the same size whose bytes 0 … 255 stand for 0 … 1
 * @throws ShapeError if the sizes differ
 * @throws ConfigError if the opacity is not in 0 … 1
 */
export function blend(base: RgbImage, over: RgbImage | Color, opacity: number | GrayImage): RgbImage {
  assertChannels(base, 3, 'blend', 'base');
  if ('data' in over) {
    assertChannels(over, 3, 'blend', 'over');
    assertSameSize(base, over, 'blend', 'over');
  }
  if (typeof opacity === 'object') {
    assertChannels(opacity, 1, 'blend', 'opacity');
    assertSameSize(base, opacity, 'blend', 'opacity');
  } else if (!(opacity >= 0 && opacity <= 1)) {
    throw new ConfigError(`blend: expected opacity in 0 … 1, got ${opacity}.`, { expected: [0, 1], actual: opacity });
  }
  const data = base.data.slice();
  for (let i = 0, pixel = 0; i < data.length; i += 3, pixel++) {
    const alpha = typeof opacity === 'number' ? opacity : opacity.data[pixel]! / 255;
    if (alpha === 0) continue;
    for (let c = 0; c < 3; c++) {
      const value = 'data' in over ? over.data[i + c]! : over[c]!;
      data[i + c] = Math.round(data[i + c]! + alpha * (value - data[i + c]!));
    }
  }
  return { width: base.width, height: base.height, data };
}

/**
 * A new image with one colour laid over the masked pixels.
 *
 * @param mask same size, bytes 0 … 255 stand for 0 … 1
 * @param opacity 0 … 1 on fully masked pixels. Default 0.5.
 */
export function overlayMask(image: RgbImage, mask: GrayImage, color: Color, opacity = 0.5): RgbImage {
  const data = Uint8Array.from(mask.data).map((byte) => Math.round(byte * opacity));
  return blend(image, color, { width: mask.width, height: mask.height, data });
}
