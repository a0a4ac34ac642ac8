// A sparse matrix in compressed rows: entries of row r stand at starts[r] … starts[r + 1] − 1.
import { addScaled } from './add-scaled';
/** @returns whether starts rise from 0 to `entries` and every column lies in [0, columns) */
export function checkCsr(starts: usize, indices: usize, rows: i32, columns: i32, entries: i32): i32 {
  let before = load<i32>(starts);
  if (before !== 0) return 0;
  for (let r = 1; r <= rows; r++) {
    const next = load<i32>(starts + ((<usize>r) << 2));
    if (next < before) return 0;
    before = next;
  }
  if (before !== entries) return 0;
  for (let k = 0; k < entries; k++) {
    if (<u32>load<i32>(indices + ((<usize>k) << 2)) >= <u32>columns) return 0;
  }
  return 1;
}

/**
 * out[b, r, :] = Σ_k values[k] · dense[b, indices[k], :].
 *
 * @param dense [batch, columns, width]
 * @param out [batch, rows, width]
 */
export function csrTimesDense(
  values: usize,
  indices: usize,
  starts: usize,
  dense: usize,
  out: usize,
  batch: i32,
  rows: i32,
  columns: i32,
  width: i32,
): void {
  const bytes = (<usize>width) << 2;
  memory.fill(out, 0, <usize>(batch * rows) * bytes);
  for (let b = 0; b < batch; b++) {
    let k: usize = 0;
    for (let r = 0; r < rows; r++, out += bytes) {
      const end = (<usize>load<i32>(starts + ((<usize>(r + 1)) << 2))) << 2;
      for (; k < end; k += 4) {
        addScaled(out, dense + <usize>load<i32>(indices + k) * bytes, load<f32>(values + k), bytes);
      }
    }
    dense += <usize>columns * bytes;
  }
}

/**
 * Transposed: out[b, indices[k], :] = Σ values[k] · dy[b, r, :].
 *
 * @param dy [batch, rows, width]
 * @param out [batch, columns, width]
 */
export function csrTransposedTimesDense(
  values: usize,
  indices: usize,
  starts: usize,
  dy: usize,
  out: usize,
  batch: i32,
  rows: i32,
  columns: i32,
  width: i32,
): void {
  const bytes = (<usize>width) << 2;
  memory.fill(out, 0, <usize>(batch * columns) * bytes);
  for (let b = 0; b < batch; b++) {
    let k: usize = 0;
    for (let r = 0; r < rows; r++, dy += bytes) {
      const end = (<usize>load<i32>(starts + ((<usize>(r + 1)) << 2))) << 2;
      for (; k < end; k += 4) {
        addScaled(out + <usize>load<i32>(indices + k) * bytes, dy, load<f32>(values + k), bytes);
      }
    }
    out += <usize>columns * bytes;
  }
}

/**
 * With respect to the entries: out[k] = Σ_b Σ_f dy[b, row of k, f] · dense[b, indices[k], f].
 *
 * @param out [entries]
 */
export function csrValuesGradient(
  indices: usize,
  starts: usize,
  dy: usize,
  dense: usize,
  out: usize,
  batch: i32,
  rows: i32,
  columns: i32,
  width: i32,
): void {
  const bytes = (<usize>width) << 2;
  memory.fill(out, 0, (<usize>load<i32>(starts + ((<usize>rows) << 2))) << 2);
  for (let b = 0; b < batch; b++) {
    let k: usize = 0;
    for (let r = 0; r < rows; r++, dy += bytes) {
      const end = (<usize>load<i32>(starts + ((<usize>(r + 1)) << 2))) << 2;
      for (; k < end; k += 4) {
        const row = dense + <usize>load<i32>(indices + k) * bytes;
        let sum = f32x4.splat(0);
        let at: usize = 0;
        for (; at + 15 < bytes; at += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(dy + at), v128.load(row + at)));
        let total =
          f32x4.extract_lane(sum, 0) +
          f32x4.extract_lane(sum, 1) +
          f32x4.extract_lane(sum, 2) +
          f32x4.extract_lane(sum, 3);
        for (; at < bytes; at += 4) total += load<f32>(dy + at) * load<f32>(row + at);
        store<f32>(out + k, load<f32>(out + k) + total);
      }
    }
    dense += <usize>columns * bytes;
  }
}
