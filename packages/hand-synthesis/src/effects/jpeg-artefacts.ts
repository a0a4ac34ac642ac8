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
/** [frequency, place] orthonormal cosines. */
const COSINES = Float32Array.from({ length: 64 }, (_, i) => {
  const [k, n] = [i >> 3, i & 7];
  return (k === 0 ? Math.sqrt(1 / 8) : 0.5) * Math.cos(((2 * n + 1) * k * Math.PI) / 16);
});

/** The tables for a quality from 1 to 100, by the rule of the Independent JPEG Group. */
function quantisation(table: readonly number[], quality: number): Float32Array {
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return Float32Array.from(table, (value) => Math.min(255, Math.max(1, Math.floor((value * scale + 50) / 100))));
}

const block = new Float32Array(64);
const half = new Float32Array(64);

/** out[k, i] = Σ_n matrix[k, n] · in[i, n] (or matrix[n, k] when inverse): one of the two passes, transposing. */
function pass(input: Float32Array, output: Float32Array, inverse: boolean): void {
  for (let k = 0; k < SIDE; k++) {
    for (let i = 0; i < SIDE; i++) {
      let sum = 0;
      for (let n = 0; n < SIDE; n++) sum += COSINES[inverse ? n * SIDE + k : k * SIDE + n]! * input[i * SIDE + n]!;
      output[k * SIDE + i] = sum;
    }
  }
}

/** Rounds the cosine coefficients of every 8 × 8 block of a plane, whose sides are multiples of 8. */
function roundPlane(plane: Float32Array, width: number, height: number, table: Float32Array): void {
  for (let top = 0; top < height; top += SIDE) {
    for (let left = 0; left < width; left += SIDE) {
      for (let y = 0; y < SIDE; y++) {
        const from = (top + y) * width + left;
        for (let x = 0; x < SIDE; x++) block[y * SIDE + x] = plane[from + x]!;
      }
      pass(block, half, false);
      pass(half, block, false);
      for (let i = 0; i < 64; i++) block[i] = Math.round(block[i]! / table[i]!) * table[i]!;
      pass(block, half, true);
      pass(half, block, true);
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
