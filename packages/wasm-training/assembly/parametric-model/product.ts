import { multiplyAdd } from '../shared/multiply-add';
import { ROW_BYTES } from './layout';

// Posed rest vertices of a block of eight vertices: out[24][width] += basisᵀ · features, with the basis [features][24] and the
// features of a group in rows [width]. `list` names the rows, so that features that do not touch the block are left out.
//
// Dead end: the basis in six tiles [features][4] gives each function several pointers to advance; V8 keeps some of them on
// the stack, and one item took 23 µs for 98 blocks of 145 features instead of 14.

/** Eight items: tiles of 4 coordinates × 8 items, accumulators in registers. */
export function multiply8(basis: usize, list: usize, count: i32, x: usize, out: usize): void {
  const end = list + ((<usize>count) << 2);
  for (let tile = 0; tile < 6; tile++) {
    let c00 = v128.load(out);
    let c01 = v128.load(out, 16);
    let c10 = v128.load(out, 32);
    let c11 = v128.load(out, 48);
    let c20 = v128.load(out, 64);
    let c21 = v128.load(out, 80);
    let c30 = v128.load(out, 96);
    let c31 = v128.load(out, 112);
    let d = basis;
    for (let f = list; f < end; f += 4) {
      const row = x + ((<usize>load<u32>(f)) << 5);
      const x0 = v128.load(row);
      const x1 = v128.load(row, 16);
      let s = v128.load32_splat(d);
      c00 = multiplyAdd(s, x0, c00);
      c01 = multiplyAdd(s, x1, c01);
      s = v128.load32_splat(d, 4);
      c10 = multiplyAdd(s, x0, c10);
      c11 = multiplyAdd(s, x1, c11);
      s = v128.load32_splat(d, 8);
      c20 = multiplyAdd(s, x0, c20);
      c21 = multiplyAdd(s, x1, c21);
      s = v128.load32_splat(d, 12);
      c30 = multiplyAdd(s, x0, c30);
      c31 = multiplyAdd(s, x1, c31);
      d += ROW_BYTES;
    }
    v128.store(out, c00);
    v128.store(out, c01, 16);
    v128.store(out, c10, 32);
    v128.store(out, c11, 48);
    v128.store(out, c20, 64);
    v128.store(out, c21, 80);
    v128.store(out, c30, 96);
    v128.store(out, c31, 112);
    out += 128;
    basis += 16;
  }
}

/** One item: lanes are coordinates. */
export function multiply1(basis: usize, list: usize, count: i32, x: usize, out: usize): void {
  const end = list + ((<usize>count) << 2);
  let c0 = v128.load(out);
  let c1 = v128.load(out, 16);
  let c2 = v128.load(out, 32);
  let c3 = v128.load(out, 48);
  let c4 = v128.load(out, 64);
  let c5 = v128.load(out, 80);
  for (let f = list; f < end; f += 4) {
    const s = v128.load32_splat(x + ((<usize>load<u32>(f)) << 2));
    c0 = multiplyAdd(s, v128.load(basis), c0);
    c1 = multiplyAdd(s, v128.load(basis, 16), c1);
    c2 = multiplyAdd(s, v128.load(basis, 32), c2);
    c3 = multiplyAdd(s, v128.load(basis, 48), c3);
    c4 = multiplyAdd(s, v128.load(basis, 64), c4);
    c5 = multiplyAdd(s, v128.load(basis, 80), c5);
    basis += ROW_BYTES;
  }
  v128.store(out, c0);
  v128.store(out, c1, 16);
  v128.store(out, c2, 32);
  v128.store(out, c3, 48);
  v128.store(out, c4, 64);
  v128.store(out, c5, 80);
}
