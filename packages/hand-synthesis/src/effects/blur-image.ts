import type { RgbImage } from '@opposable/drawing';

const CHANNELS = 3;

let scratch = new Float32Array(0);
let sums = new Float32Array(0);

/** One box filter of fractional radius along the rows of `source` into `target`, borders repeated. */
function alongRows(source: ArrayLike<number>, target: Float32Array, width: number, height: number, radius: number) {
  const whole = Math.floor(radius);
  const part = radius - whole;
  const scale = 1 / (2 * radius + 1);
  const last = width - 1;
  for (let row = 0; row < height; row++) {
    const start = row * width * CHANNELS;
    for (let c = 0; c < CHANNELS; c++) {
      const at = start + c;
      const first = source[at]!;
      const end = source[at + last * CHANNELS]!;
      let sum = 0;
      for (let k = -whole; k <= whole; k++) sum += source[at + Math.min(last, Math.max(0, k)) * CHANNELS]!;
      for (let column = 0; column < width; column++) {
        const before = column - whole - 1;
        const after = column + whole + 1;
        const left = before < 0 ? first : source[at + before * CHANNELS]!;
        const right = after > last ? end : source[at + after * CHANNELS]!;
        target[at + column * CHANNELS] = scale * (sum + part * (left + right));
        const leaving = column - whole < 0 ? first : source[at + (column - whole) * CHANNELS]!;
        sum += right - leaving;
      }
    }
  }
}

/** The same along the columns; all columns go down together, so that memory is read in order. */
function alongColumns(source: Float32Array, target: Uint8Array, width: number, height: number, radius: number) {
  const line = width * CHANNELS;
  const whole = Math.floor(radius);
  const part = radius - whole;
  const scale = 1 / (2 * radius + 1);
  if (sums.length < line) sums = new Float32Array(line);
  const sum = sums;
  sum.fill(0, 0, line);
  const rowAt = (row: number): number => Math.min(height - 1, Math.max(0, row)) * line;
  for (let k = -whole; k <= whole; k++) {
    const at = rowAt(k);
    for (let i = 0; i < line; i++) sum[i]! += source[at + i]!;
  }
  for (let row = 0; row < height; row++) {
    const [before, after, leaving, to] = [
      rowAt(row - whole - 1),
      rowAt(row + whole + 1),
      rowAt(row - whole),
      row * line,
    ];
    for (let i = 0; i < line; i++) {
      const coming = source[after + i]!;
      target[to + i] = scale * (sum[i]! + part * (source[before + i]! + coming)) + 0.5;
      sum[i]! += coming - source[leaving + i]!;
    }
  }
}

/**
 * The radius w + p whose box, 2w + 1 whole samples and two ends of weight p, has half the variance of a normal kernel of
 * this deviation: (w(w + 1)(2w + 1)/3 + 2p(w + 1)²)/(2w + 1 + 2p) = σ²/2.
 */
function radiusOf(deviation: number): number {
  const variance = (deviation * deviation) / 2;
  const whole = Math.floor((Math.sqrt(1 + 12 * variance) - 1) / 2);
  const inner = (whole * (whole + 1) * (2 * whole + 1)) / 3;
  return whole + (variance * (2 * whole + 1) - inner) / (2 * (whole + 1) ** 2 - 2 * variance);
}

/**
 * Blurs an image in place, near to a normal kernel: two box filters of fractional radius along each axis, in time that
 * does not depend on the deviation.
 *
 * @param deviation standard deviation in pixels; 0 changes nothing
 */
export function blurImage(image: RgbImage, deviation: number): void {
  if (!(deviation > 0)) return;
  const { width, height, data } = image;
  if (scratch.length < data.length) scratch = new Float32Array(data.length);
  const radius = radiusOf(deviation);
  for (let pass = 0; pass < 2; pass++) {
    alongRows(data, scratch, width, height, radius);
    alongColumns(scratch, data, width, height, radius);
  }
}
