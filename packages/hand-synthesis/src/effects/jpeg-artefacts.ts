import type { RgbImage } from '@opposable/drawing';

/** Luminance and chrominance tables of ISO/IEC 10918-1, annex K. */
const LUMINANCE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
  87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
] as const;
const CHROMINANCE = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99,
] as const;

const SIDE = 8;
/** cos(kπ/16)/2: the entries of the orthonormal cosine matrix, whose first row is C4 = 1/√8. */
const [C1, C2, C3, C4, C5, C6, C7] = [1, 2, 3, 4, 5, 6, 7].map((k) => 0.5 * Math.cos((k * Math.PI) / 16)) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** The tables for a quality from 1 to 100, by the rule of the Independent JPEG Group. */
function quantisation(table: readonly number[], quality: number): Float32Array {
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return Float32Array.from(table, (value) => Math.min(255, Math.max(1, Math.floor((value * scale + 50) / 100))));
}

const block = new Float32Array(64);

/** The eight cosine coefficients of eight numbers, in place: even ones from sums, odd ones from differences. */
function forward(at: number, step: number): void {
  const [i1, i2, i3, i4] = [at + step, at + 2 * step, at + 3 * step, at + 4 * step];
  const [i5, i6, i7] = [at + 5 * step, at + 6 * step, at + 7 * step];
  const s0 = block[at]! + block[i7]!;
  const d0 = block[at]! - block[i7]!;
  const s1 = block[i1]! + block[i6]!;
  const d1 = block[i1]! - block[i6]!;
  const s2 = block[i2]! + block[i5]!;
  const d2 = block[i2]! - block[i5]!;
  const s3 = block[i3]! + block[i4]!;
  const d3 = block[i3]! - block[i4]!;
  block[at] = C4 * (s0 + s1 + s2 + s3);
  block[i4] = C4 * (s0 - s1 - s2 + s3);
  block[i2] = C2 * (s0 - s3) + C6 * (s1 - s2);
  block[i6] = C6 * (s0 - s3) - C2 * (s1 - s2);
  block[i1] = C1 * d0 + C3 * d1 + C5 * d2 + C7 * d3;
  block[i3] = C3 * d0 - C7 * d1 - C1 * d2 - C5 * d3;
  block[i5] = C5 * d0 - C1 * d1 + C7 * d2 + C3 * d3;
  block[i7] = C7 * d0 - C5 * d1 + C3 * d2 - C1 * d3;
}

/** The inverse of {@link forward}. */
function backward(at: number, step: number): void {
  const [i1, i2, i3, i4] = [at + step, at + 2 * step, at + 3 * step, at + 4 * step];
  const [i5, i6, i7] = [at + 5 * step, at + 6 * step, at + 7 * step];
  const [k0, k1, k2, k3] = [block[at]!, block[i1]!, block[i2]!, block[i3]!];
  const [k4, k5, k6, k7] = [block[i4]!, block[i5]!, block[i6]!, block[i7]!];
  const a = C4 * (k0 + k4);
  const b = C4 * (k0 - k4);
  const c = C2 * k2 + C6 * k6;
  const d = C6 * k2 - C2 * k6;
  const e0 = C1 * k1 + C3 * k3 + C5 * k5 + C7 * k7;
  const e1 = C3 * k1 - C7 * k3 - C1 * k5 - C5 * k7;
  const e2 = C5 * k1 - C1 * k3 + C7 * k5 + C3 * k7;
  const e3 = C7 * k1 - C5 * k3 + C3 * k5 - C1 * k7;
  block[at] = a + c + e0;
  block[i7] = a + c - e0;
  block[i1] = b + d + e1;
  block[i6] = b + d - e1;
  block[i2] = b - d + e2;
  block[i5] = b - d - e2;
  block[i3] = a - c + e3;
  block[i4] = a - c - e3;
}

/** Rounds the cosine coefficients of every 8 × 8 block of a plane, whose sides are multiples of 8. */
function roundPlane(plane: Float32Array, width: number, height: number, table: Float32Array): void {
  for (let top = 0; top < height; top += SIDE) {
    for (let left = 0; left < width; left += SIDE) {
      for (let y = 0; y < SIDE; y++) {
        const from = (top + y) * width + left;
        for (let x = 0; x < SIDE; x++) block[y * SIDE + x] = plane[from + x]!;
      }
      for (let i = 0; i < SIDE; i++) forward(i * SIDE, 1);
      for (let i = 0; i < SIDE; i++) forward(i, SIDE);
      for (let i = 0; i < 64; i++) block[i] = Math.round(block[i]! / table[i]!) * table[i]!;
      for (let i = 0; i < SIDE; i++) backward(i, SIDE);
      for (let i = 0; i < SIDE; i++) backward(i * SIDE, 1);
      for (let y = 0; y < SIDE; y++) {
        const to = (top + y) * width + left;
        for (let x = 0; x < SIDE; x++) plane[to + x] = block[y * SIDE + x]!;
      }
    }
  }
}

const upTo = (value: number, step: number): number => Math.ceil(value / step) * step;

/**
 * Leaves the traces that a JPEG file of a quality leaves, in place and without making the file: colours at half the
 * resolution, cosine coefficients of 8 × 8 blocks rounded to the standard tables.
 *
 * @param quality 1 … 100
 */
export function jpegArtefacts(image: RgbImage, quality: number): void {
  const { width, height, data } = image;
  const [w, h] = [upTo(width, 2 * SIDE), upTo(height, 2 * SIDE)];
  const [cw, ch] = [w / 2, h / 2];
  const luma = new Float32Array(w * h);
  const blues = new Float32Array(cw * ch);
  const reds = new Float32Array(cw * ch);
  for (let y = 0; y < h; y++) {
    const row = Math.min(height - 1, y) * width;
    for (let x = 0; x < w; x++) {
      const i = 3 * (row + (x < width ? x : width - 1));
      const [r, g, b] = [data[i]!, data[i + 1]!, data[i + 2]!];
      luma[y * w + x] = 0.299 * r + 0.587 * g + 0.114 * b - 128;
      const c = (y >> 1) * cw + (x >> 1);
      blues[c]! += 0.25 * (-0.168736 * r - 0.331264 * g + 0.5 * b);
      reds[c]! += 0.25 * (0.5 * r - 0.418688 * g - 0.081312 * b);
    }
  }
  roundPlane(luma, w, h, quantisation(LUMINANCE, quality));
  const chroma = quantisation(CHROMINANCE, quality);
  roundPlane(blues, cw, ch, chroma);
  roundPlane(reds, cw, ch, chroma);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const l = luma[y * w + x]! + 128.5;
      const c = (y >> 1) * cw + (x >> 1);
      const [cb, cr] = [blues[c]!, reds[c]!];
      const i = 3 * (y * width + x);
      const r = l + 1.402 * cr;
      const g = l - 0.344136 * cb - 0.714136 * cr;
      const b = l + 1.772 * cb;
      data[i] = r <= 0 ? 0 : r >= 255 ? 255 : r;
      data[i + 1] = g <= 0 ? 0 : g >= 255 ? 255 : g;
      data[i + 2] = b <= 0 ? 0 : b >= 255 ? 255 : b;
    }
  }
}
