import { toByte } from './pixels.js';

const { fround } = Math;

export function addShifted(
  bytes: Uint8Array,
  start: number,
  pitch: number,
  sums: Uint16Array,
  columns: number,
  rows: number,
): void {
  for (let row = 0; row < rows; row++) {
    const from = start + row * pitch;
    for (let i = 0; i < columns; i++) sums[row * columns + i]! += bytes[from + i]!;
  }
}

export function average(
  sums: Uint16Array,
  bytes: Uint8Array,
  columns: number,
  rows: number,
  width: number,
  taps: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) {
      bytes[row * width + i] = toByte(fround(fround(sums[row * columns + i]! / taps) + 0.5));
    }
  }
}
