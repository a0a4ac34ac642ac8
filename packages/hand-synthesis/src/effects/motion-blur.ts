import type { RgbImage } from '@opposable/drawing';

let sums = new Float32Array(0);

/**
 * Blurs an image in place along a straight line, as a moving camera does: the mean of the image moved by whole pixels
 * along it. Borders are repeated.
 *
 * @param length of the way in pixels
 * @param angle of the way in radians, 0 to the right
 */
export function motionBlur(image: RgbImage, length: number, angle: number): void {
  const taps = Math.round(length) + 1;
  if (taps < 2) return;
  const { width, height, data } = image;
  if (sums.length < data.length) sums = new Float32Array(data.length);
  sums.fill(0, 0, data.length);
  for (let tap = 0; tap < taps; tap++) {
    const along = (tap / (taps - 1) - 0.5) * length;
    const dx = Math.round(along * Math.cos(angle));
    const dy = Math.round(along * Math.sin(angle));
    for (let row = 0; row < height; row++) {
      const from = Math.min(height - 1, Math.max(0, row + dy)) * width;
      let to = row * width * 3;
      for (let column = 0; column < width; column++, to += 3) {
        const source = column + dx;
        const at = 3 * (from + (source < 0 ? 0 : source >= width ? width - 1 : source));
        sums[to]! += data[at]!;
        sums[to + 1]! += data[at + 1]!;
        sums[to + 2]! += data[at + 2]!;
      }
    }
  }
  for (let i = 0; i < data.length; i++) data[i] = sums[i]! / taps + 0.5;
}
