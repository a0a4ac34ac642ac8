import type { ColorPlanes, Extent } from '../filter-kernels.js';
import { toByte } from './pixels.js';

const { fround, min } = Math;
const Y = [0.299, 0.587, 0.114].map(fround) as [number, number, number];
const CB = [-0.168736, -0.331264, 0.5].map(fround) as [number, number, number];
const CR = [0.5, -0.418688, -0.081312].map(fround) as [number, number, number];
const [OF_BLUE, OF_RED] = [[0, -0.344136, 1.772].map(fround), [1.402, -0.714136, 0].map(fround)] as const;

const weigh = (r: number, g: number, b: number, [wr, wg, wb]: readonly [number, number, number]): number =>
  fround(fround(fround(r * wr) + fround(g * wg)) + fround(b * wb));

export function splitColors(bytes: Uint8Array, { width, height }: Extent, planes: ColorPlanes): void {
  const { luma, blues, reds } = planes;
  const at = (x: number, y: number): number => 3 * (min(height - 1, y) * width + min(width - 1, x));
  for (let y = 0; y < planes.height; y += 2) {
    for (let x = 0; x < planes.width; x += 2) {
      const corners = [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)] as const;
      corners.forEach((i, k) => {
        const to = (y + (k >> 1)) * planes.width + x + (k & 1);
        luma[to] = weigh(bytes[i]!, bytes[i + 1]!, bytes[i + 2]!, Y) - 128;
      });
      const mean = (c: number): number => {
        const [a, b, d, e] = corners.map((i) => bytes[i + c]!) as [number, number, number, number];
        return fround((a + b + (d + e)) * 0.25);
      };
      const [r, g, b] = [mean(0), mean(1), mean(2)];
      const to = (y >> 1) * (planes.width >> 1) + (x >> 1);
      blues[to] = weigh(r, g, b, CB);
      reds[to] = weigh(r, g, b, CR);
    }
  }
}

export function joinColors(planes: ColorPlanes, bytes: Uint8Array, { width, height }: Extent): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const light = fround(planes.luma[y * planes.width + x]! + 128.5);
      const from = (y >> 1) * (planes.width >> 1) + (x >> 1);
      const [blue, red] = [planes.blues[from]!, planes.reds[from]!];
      for (let c = 0; c < 3; c++) {
        const color = fround(fround(blue * OF_BLUE[c]!) + fround(red * OF_RED[c]!));
        bytes[3 * (y * width + x) + c] = toByte(fround(light + color));
      }
    }
  }
}
