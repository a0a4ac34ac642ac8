import type { Extent, PixelRegion } from '../filter-kernels.js';
import { toByte } from './pixels.js';

const { abs, ceil, floor, fround, max, min, sqrt } = Math;
const TILE_SIDE = 256;
const WRAP = TILE_SIDE - 1;

/** Fills a convex outline, row by row: colour, slope of brightness and grain from a tile that repeats. */
export function fillConvex(
  bytes: Uint8Array,
  { width, height }: Extent,
  outline: Float64Array,
  tile: Float32Array,
  surface: Float32Array,
): void {
  const corners = outline.length / 2;
  let [topY, bottomY] = [Infinity, -Infinity];
  for (let k = 0; k < corners; k++) {
    topY = min(topY, outline[2 * k + 1]!);
    bottomY = max(bottomY, outline[2 * k + 1]!);
  }
  const last = min(height - 1, floor(bottomY));
  for (let row = max(0, ceil(topY)); row <= last; row++) {
    let [left, right] = [Infinity, -Infinity];
    for (let k = 0; k < corners; k++) {
      const next = k + 1 === corners ? 0 : k + 1;
      const [ax, ay, bx, by] = [outline[2 * k]!, outline[2 * k + 1]!, outline[2 * next]!, outline[2 * next + 1]!];
      if ((ay < row && by < row) || (ay > row && by > row) || ay === by) continue;
      const x = ax + ((row - ay) / (by - ay)) * (bx - ax);
      left = min(left, x);
      right = max(right, x);
    }
    const from = max(0, min(width, ceil(left)));
    const to = max(-1, min(width - 1, floor(right)));
    if (from <= to) fillRow(bytes, { width, height }, row, from, to, tile, surface);
  }
}

function fillRow(
  bytes: Uint8Array,
  { width, height }: Extent,
  row: number,
  from: number,
  to: number,
  tile: Float32Array,
  surface: Float32Array,
): void {
  const [slopeX, slopeY, grain, opacity] = surface.subarray(4, 8) as unknown as [number, number, number, number];
  const [stretchX, stretchY, offsetX, offsetY] = surface.subarray(8, 12) as unknown as [number, number, number, number];
  const line = ((fround(fround(row * stretchY) + offsetY) | 0) & WRAP) * TILE_SIDE;
  const base = fround(fround(slopeY * fround(row - fround(height * 0.5))) - fround(fround(slopeX * width) * 0.5));
  for (let column = from; column <= to; column++) {
    const texel = tile[line + ((fround(fround(column * stretchX) + offsetX) | 0) & WRAP)]!;
    const change = fround(fround(base + fround(slopeX * column)) + fround(grain * texel));
    const at = 3 * (row * width + column);
    for (let c = 0; c < 3; c++) {
      let value = fround(surface[c]! + change);
      const old = bytes[at + c]!;
      if (opacity !== 1) value = fround(old + fround(opacity * fround(value - old)));
      bytes[at + c] = toByte(value);
    }
  }
}

/** One colour passes into another along a direction. */
export function gradient(pixels: Float32Array, { width, height }: Extent, numbers: Float32Array): void {
  const [dx, dy, strength, unit] = numbers.subarray(8, 12) as unknown as [number, number, number, number];
  for (let row = 0; row < height; row++) {
    const down = fround(fround(dy * fround(fround(row * unit) - 0.5)) + 0.5);
    for (let column = 0; column < width; column++) {
      const along = fround(down + fround(dx * fround(fround(column * unit) - 0.5)));
      const share = fround(strength * min(1, max(0, along)));
      for (let c = 0; c < 4; c++) {
        const way = fround(numbers[4 + c]! - numbers[c]!);
        pixels[4 * (row * width + column) + c] = numbers[c]! + fround(share * way);
      }
    }
  }
}

/** Mixes a colour in over an ellipse or a box with soft edges. */
export function spot(
  pixels: Float32Array,
  { width }: Extent,
  { left, top, right, bottom }: PixelRegion,
  isBox: boolean,
  numbers: Float32Array,
): void {
  const [cx, cy, dx, dy] = numbers.subarray(4, 8) as unknown as [number, number, number, number];
  const [inverseWidth, inverseHeight, sharpness, opacity] = numbers.subarray(8, 12) as unknown as [number, number, number, number]; // prettier-ignore
  const unit = numbers[12]!;
  for (let row = top; row <= bottom; row++) {
    const y = fround(fround(row * unit) - cy);
    for (let column = left; column <= right; column++) {
      const x = fround(fround(column * unit) - cx);
      const u = fround(abs(fround(fround(dx * x) + fround(dy * y))) * inverseWidth);
      const v = fround(abs(fround(fround(dx * y) - fround(dy * x))) * inverseHeight);
      const distance = isBox ? max(u, v) : fround(sqrt(fround(fround(u * u) + fround(v * v))));
      const inside = fround(fround(1 - distance) * sharpness);
      if (inside <= 0) continue;
      const share = fround(opacity * min(1, inside));
      const at = 4 * (row * width + column);
      for (let c = 0; c < 4; c++) {
        const old = pixels[at + c]!;
        pixels[at + c] = old + fround(share * fround(numbers[c]! - old));
      }
    }
  }
}

/** Twice the size, each pixel mixed from its nearest four: 9, 3, 3 and 1 parts of 16. */
export function doubleSize(bytes: Uint8Array, { width, height }: Extent, out: Uint8Array): void {
  const line = 3 * width;
  for (let row = 0; row < 2 * height; row++) {
    const near = (row >> 1) * line;
    const far = min(height - 1, max(0, (row >> 1) + ((row & 1) === 0 ? -1 : 1))) * line;
    let to = row * 2 * line;
    for (let column = 0; column < 2 * width; column++, to += 3) {
      const x = 3 * (column >> 1);
      const next = 3 * min(width - 1, max(0, (column >> 1) + ((column & 1) === 0 ? -1 : 1)));
      for (let c = 0; c < 3; c++) {
        const own = 3 * bytes[near + x + c]! + bytes[far + x + c]!;
        const beside = 3 * bytes[near + next + c]! + bytes[far + next + c]!;
        out[to + c] = (3 * own + beside + 8) >> 4;
      }
    }
  }
}
