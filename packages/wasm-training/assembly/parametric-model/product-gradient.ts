import { multiplyAdd } from '../shared/multiply-add';
import { ROW_BYTES } from './layout';

// Gradient of the features of a group from that of the posed rest vertices of a block: dx[list] += basis · dv[24][width],
// four features at a time. `count` is a multiple of four (the list is filled up with a row that nobody reads).

/** Eight items: 4 features × 8 items in registers, all 24 coordinates in one go. */
export function multiplyTransposed8(basis: usize, list: usize, count: i32, dv: usize, dx: usize): void {
  const end = list + ((<usize>count) << 2);
  for (let f = list; f < end; f += 16) {
    const r0 = dx + ((<usize>load<u32>(f)) << 5);
    const r1 = dx + ((<usize>load<u32>(f, 4)) << 5);
    const r2 = dx + ((<usize>load<u32>(f, 8)) << 5);
    const r3 = dx + ((<usize>load<u32>(f, 12)) << 5);
    let c00 = f32x4.splat(0);
    let c01 = c00;
    let c10 = c00;
    let c11 = c00;
    let c20 = c00;
    let c21 = c00;
    let c30 = c00;
    let c31 = c00;
    let d = basis;
    let y = dv;
    for (let row = 0; row < 24; row++) {
      const y0 = v128.load(y);
      const y1 = v128.load(y, 16);
      let s = v128.load32_splat(d);
      c00 = multiplyAdd(s, y0, c00);
      c01 = multiplyAdd(s, y1, c01);
      s = v128.load32_splat(d, ROW_BYTES);
      c10 = multiplyAdd(s, y0, c10);
      c11 = multiplyAdd(s, y1, c11);
      s = v128.load32_splat(d, 2 * ROW_BYTES);
      c20 = multiplyAdd(s, y0, c20);
      c21 = multiplyAdd(s, y1, c21);
      s = v128.load32_splat(d, 3 * ROW_BYTES);
      c30 = multiplyAdd(s, y0, c30);
      c31 = multiplyAdd(s, y1, c31);
      y += 32;
      d += 4;
    }
    v128.store(r0, f32x4.add(v128.load(r0), c00));
    v128.store(r0, f32x4.add(v128.load(r0, 16), c01), 16);
    v128.store(r1, f32x4.add(v128.load(r1), c10));
    v128.store(r1, f32x4.add(v128.load(r1, 16), c11), 16);
    v128.store(r2, f32x4.add(v128.load(r2), c20));
    v128.store(r2, f32x4.add(v128.load(r2, 16), c21), 16);
    v128.store(r3, f32x4.add(v128.load(r3), c30));
    v128.store(r3, f32x4.add(v128.load(r3, 16), c31), 16);
    basis += 4 * ROW_BYTES;
  }
}

/** Lanes of four vectors summed: (Σ a, Σ b, Σ c, Σ d). */
function sumLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** One item: lanes are coordinates, the gradients of the 24 stay in six registers. */
export function multiplyTransposed1(basis: usize, list: usize, count: i32, dv: usize, dx: usize): void {
  const end = list + ((<usize>count) << 2);
  const y0 = v128.load(dv);
  const y1 = v128.load(dv, 16);
  const y2 = v128.load(dv, 32);
  const y3 = v128.load(dv, 48);
  const y4 = v128.load(dv, 64);
  const y5 = v128.load(dv, 80);
  for (let f = list; f < end; f += 16) {
    let a = f32x4.mul(v128.load(basis), y0);
    let b = f32x4.mul(v128.load(basis, ROW_BYTES), y0);
    let c = f32x4.mul(v128.load(basis, 2 * ROW_BYTES), y0);
    let d = f32x4.mul(v128.load(basis, 3 * ROW_BYTES), y0);
    a = multiplyAdd(v128.load(basis, 16), y1, a);
    b = multiplyAdd(v128.load(basis, ROW_BYTES + 16), y1, b);
    c = multiplyAdd(v128.load(basis, 2 * ROW_BYTES + 16), y1, c);
    d = multiplyAdd(v128.load(basis, 3 * ROW_BYTES + 16), y1, d);
    a = multiplyAdd(v128.load(basis, 32), y2, a);
    b = multiplyAdd(v128.load(basis, ROW_BYTES + 32), y2, b);
    c = multiplyAdd(v128.load(basis, 2 * ROW_BYTES + 32), y2, c);
    d = multiplyAdd(v128.load(basis, 3 * ROW_BYTES + 32), y2, d);
    a = multiplyAdd(v128.load(basis, 48), y3, a);
    b = multiplyAdd(v128.load(basis, ROW_BYTES + 48), y3, b);
    c = multiplyAdd(v128.load(basis, 2 * ROW_BYTES + 48), y3, c);
    d = multiplyAdd(v128.load(basis, 3 * ROW_BYTES + 48), y3, d);
    a = multiplyAdd(v128.load(basis, 64), y4, a);
    b = multiplyAdd(v128.load(basis, ROW_BYTES + 64), y4, b);
    c = multiplyAdd(v128.load(basis, 2 * ROW_BYTES + 64), y4, c);
    d = multiplyAdd(v128.load(basis, 3 * ROW_BYTES + 64), y4, d);
    a = multiplyAdd(v128.load(basis, 80), y5, a);
    b = multiplyAdd(v128.load(basis, ROW_BYTES + 80), y5, b);
    c = multiplyAdd(v128.load(basis, 2 * ROW_BYTES + 80), y5, c);
    d = multiplyAdd(v128.load(basis, 3 * ROW_BYTES + 80), y5, d);
    const sum = sumLanes(a, b, c, d);
    const r0 = dx + ((<usize>load<u32>(f)) << 2);
    const r1 = dx + ((<usize>load<u32>(f, 4)) << 2);
    const r2 = dx + ((<usize>load<u32>(f, 8)) << 2);
    const r3 = dx + ((<usize>load<u32>(f, 12)) << 2);
    store<f32>(r0, load<f32>(r0) + f32x4.extract_lane(sum, 0));
    store<f32>(r1, load<f32>(r1) + f32x4.extract_lane(sum, 1));
    store<f32>(r2, load<f32>(r2) + f32x4.extract_lane(sum, 2));
    store<f32>(r3, load<f32>(r3) + f32x4.extract_lane(sum, 3));
    basis += 4 * ROW_BYTES;
  }
}
