import type { Color, RgbImage } from './types.js';

/** Mixes a colour into one pixel; outside the image nothing happens. */
export function blendPixel(image: RgbImage, x: number, y: number, color: Color, opacity: number): void {
  if (x < 0 || y < 0 || x >= image.width || y >= image.height || opacity <= 0) return;
  const { data } = image;
  const i = (y * image.width + x) * 3;
  const alpha = Math.min(1, opacity);
  for (let c = 0; c < 3; c++) data[i + c] = Math.round(data[i + c]! + alpha * (color[c]! - data[i + c]!));
}
