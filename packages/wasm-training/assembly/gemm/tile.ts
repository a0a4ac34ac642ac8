import { multiplyAdd } from '../shared/multiply-add';

// The innermost tiles: ROWS × 8 results in registers. With a fused multiply-add six rows fit into V8's 15 vector registers,
// without it the products need some and five do.
//
// Notes, GFLOP/s of the loop alone at k = 512 (the registers-only roofline is 70 without and 69 with fused multiply-add):
//   rows × columns    4×8   5×8   6×8   8×4   3×12   4×12   2×16   3×16
//   without            60    69    36    53     59     34     53     31
//   with               65    69    71    52     61     32     61     29
// Unrolling twice gives 60 (4×8, without), 45 (5×8) and 45 (6×8, with): the loads move up and the registers run out.
// V8 spills a sum where it is made, in every round, if it is spilled anywhere: so the loop is a plain `while` (do … while: 29),
// it is the only one (a loop over the taps of a filter around it: 28), and nothing but stores follows (a branch that adds the bias
// or an activation: 27). Hence the table of steps, which walks any filter in one loop at no cost, and sums that start from the
// bias or from the old result.

/** Rows of a tile. */
export const ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;

/**
 * One tile whose left rows lie in memory as they are.
 *
 * @param a table of ROWS byte offsets of the rows
 * @param tap added to each of them
 * @param steps table of what is added to them after each of the `k` numbers
 * @param b packed panel, 8 columns for each number
 * @param c table of ROWS byte offsets of the result's rows, to which `column` is added
 * @param start 8 numbers that every row starts from
 */
export function rowsTile(
  a: usize,
  tap: usize,
  steps: usize,
  k: i32,
  b: usize,
  c: usize,
  column: usize,
  start: usize,
): void {
  let a0: usize = (load<u32>(a, 0) as usize) + tap;
  let a1: usize = (load<u32>(a, 4) as usize) + tap;
  let a2: usize = (load<u32>(a, 8) as usize) + tap;
  let a3: usize = (load<u32>(a, 12) as usize) + tap;
  let a4: usize = (load<u32>(a, 16) as usize) + tap;
  let a5: usize = ROWS == 6 ? (load<u32>(a, 20) as usize) + tap : 0;
  let s0 = v128.load(start);
  let t0 = v128.load(start, 16);
  let s1 = v128.load(start);
  let t1 = v128.load(start, 16);
  let s2 = v128.load(start);
  let t2 = v128.load(start, 16);
  let s3 = v128.load(start);
  let t3 = v128.load(start, 16);
  let s4 = v128.load(start);
  let t4 = v128.load(start, 16);
  let s5 = v128.load(start);
  let t5 = v128.load(start, 16);
  const end = b + ((k as usize) << 5);
  while (b < end) {
    const step = load<u32>(steps) as usize;
    steps += 4;
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load32_splat(a0);
    s0 = multiplyAdd(x0, b0, s0);
    t0 = multiplyAdd(x0, b1, t0);
    const x1 = v128.load32_splat(a1);
    s1 = multiplyAdd(x1, b0, s1);
    t1 = multiplyAdd(x1, b1, t1);
    const x2 = v128.load32_splat(a2);
    s2 = multiplyAdd(x2, b0, s2);
    t2 = multiplyAdd(x2, b1, t2);
    const x3 = v128.load32_splat(a3);
    s3 = multiplyAdd(x3, b0, s3);
    t3 = multiplyAdd(x3, b1, t3);
    const x4 = v128.load32_splat(a4);
    s4 = multiplyAdd(x4, b0, s4);
    t4 = multiplyAdd(x4, b1, t4);
    if (ROWS == 6) {
      const x5 = v128.load32_splat(a5);
      s5 = multiplyAdd(x5, b0, s5);
      t5 = multiplyAdd(x5, b1, t5);
    }
    b += 32;
    a0 += step;
    a1 += step;
    a2 += step;
    a3 += step;
    a4 += step;
    if (ROWS == 6) a5 += step;
  }
  v128.store((load<u32>(c, 0) as usize) + column, s0);
  v128.store((load<u32>(c, 0) as usize) + column, t0, 16);
  v128.store((load<u32>(c, 4) as usize) + column, s1);
  v128.store((load<u32>(c, 4) as usize) + column, t1, 16);
  v128.store((load<u32>(c, 8) as usize) + column, s2);
  v128.store((load<u32>(c, 8) as usize) + column, t2, 16);
  v128.store((load<u32>(c, 12) as usize) + column, s3);
  v128.store((load<u32>(c, 12) as usize) + column, t3, 16);
  v128.store((load<u32>(c, 16) as usize) + column, s4);
  v128.store((load<u32>(c, 16) as usize) + column, t4, 16);
  if (ROWS == 6) {
    v128.store((load<u32>(c, 20) as usize) + column, s5);
    v128.store((load<u32>(c, 20) as usize) + column, t5, 16);
  }
}

/** {@link rowsTile} added to the result. */
export function addRowsTile(a: usize, tap: usize, steps: usize, k: i32, b: usize, c: usize, column: usize): void {
  let a0: usize = (load<u32>(a, 0) as usize) + tap;
  let a1: usize = (load<u32>(a, 4) as usize) + tap;
  let a2: usize = (load<u32>(a, 8) as usize) + tap;
  let a3: usize = (load<u32>(a, 12) as usize) + tap;
  let a4: usize = (load<u32>(a, 16) as usize) + tap;
  let a5: usize = ROWS == 6 ? (load<u32>(a, 20) as usize) + tap : 0;
  const c0: usize = (load<u32>(c, 0) as usize) + column;
  let s0 = v128.load(c0);
  let t0 = v128.load(c0, 16);
  const c1: usize = (load<u32>(c, 4) as usize) + column;
  let s1 = v128.load(c1);
  let t1 = v128.load(c1, 16);
  const c2: usize = (load<u32>(c, 8) as usize) + column;
  let s2 = v128.load(c2);
  let t2 = v128.load(c2, 16);
  const c3: usize = (load<u32>(c, 12) as usize) + column;
  let s3 = v128.load(c3);
  let t3 = v128.load(c3, 16);
  const c4: usize = (load<u32>(c, 16) as usize) + column;
  let s4 = v128.load(c4);
  let t4 = v128.load(c4, 16);
  const c5: usize = ROWS == 6 ? (load<u32>(c, 20) as usize) + column : 0;
  let s5 = v128.load(c5);
  let t5 = v128.load(c5, 16);
  const end = b + ((k as usize) << 5);
  while (b < end) {
    const step = load<u32>(steps) as usize;
    steps += 4;
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load32_splat(a0);
    s0 = multiplyAdd(x0, b0, s0);
    t0 = multiplyAdd(x0, b1, t0);
    const x1 = v128.load32_splat(a1);
    s1 = multiplyAdd(x1, b0, s1);
    t1 = multiplyAdd(x1, b1, t1);
    const x2 = v128.load32_splat(a2);
    s2 = multiplyAdd(x2, b0, s2);
    t2 = multiplyAdd(x2, b1, t2);
    const x3 = v128.load32_splat(a3);
    s3 = multiplyAdd(x3, b0, s3);
    t3 = multiplyAdd(x3, b1, t3);
    const x4 = v128.load32_splat(a4);
    s4 = multiplyAdd(x4, b0, s4);
    t4 = multiplyAdd(x4, b1, t4);
    if (ROWS == 6) {
      const x5 = v128.load32_splat(a5);
      s5 = multiplyAdd(x5, b0, s5);
      t5 = multiplyAdd(x5, b1, t5);
    }
    b += 32;
    a0 += step;
    a1 += step;
    a2 += step;
    a3 += step;
    a4 += step;
    if (ROWS == 6) a5 += step;
  }
  v128.store((load<u32>(c, 0) as usize) + column, s0);
  v128.store((load<u32>(c, 0) as usize) + column, t0, 16);
  v128.store((load<u32>(c, 4) as usize) + column, s1);
  v128.store((load<u32>(c, 4) as usize) + column, t1, 16);
  v128.store((load<u32>(c, 8) as usize) + column, s2);
  v128.store((load<u32>(c, 8) as usize) + column, t2, 16);
  v128.store((load<u32>(c, 12) as usize) + column, s3);
  v128.store((load<u32>(c, 12) as usize) + column, t3, 16);
  v128.store((load<u32>(c, 16) as usize) + column, s4);
  v128.store((load<u32>(c, 16) as usize) + column, t4, 16);
  if (ROWS == 6) {
    v128.store((load<u32>(c, 20) as usize) + column, s5);
    v128.store((load<u32>(c, 20) as usize) + column, t5, 16);
  }
}

/**
 * One tile whose left rows are packed, ROWS numbers for each of `k` steps.
 *
 * @param a packed panel of the rows
 * @param b packed panel, 8 columns for each step
 * @param c table of ROWS byte offsets of the result's rows, to which `column` is added
 * @param start 8 numbers that every row starts from
 */
export function packedTile(a: usize, k: i32, b: usize, c: usize, column: usize, start: usize): void {
  let s0 = v128.load(start);
  let t0 = v128.load(start, 16);
  let s1 = v128.load(start);
  let t1 = v128.load(start, 16);
  let s2 = v128.load(start);
  let t2 = v128.load(start, 16);
  let s3 = v128.load(start);
  let t3 = v128.load(start, 16);
  let s4 = v128.load(start);
  let t4 = v128.load(start, 16);
  let s5 = v128.load(start);
  let t5 = v128.load(start, 16);
  const end = b + ((k as usize) << 5);
  while (b < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load32_splat(a, 0);
    s0 = multiplyAdd(x0, b0, s0);
    t0 = multiplyAdd(x0, b1, t0);
    const x1 = v128.load32_splat(a, 4);
    s1 = multiplyAdd(x1, b0, s1);
    t1 = multiplyAdd(x1, b1, t1);
    const x2 = v128.load32_splat(a, 8);
    s2 = multiplyAdd(x2, b0, s2);
    t2 = multiplyAdd(x2, b1, t2);
    const x3 = v128.load32_splat(a, 12);
    s3 = multiplyAdd(x3, b0, s3);
    t3 = multiplyAdd(x3, b1, t3);
    const x4 = v128.load32_splat(a, 16);
    s4 = multiplyAdd(x4, b0, s4);
    t4 = multiplyAdd(x4, b1, t4);
    if (ROWS == 6) {
      const x5 = v128.load32_splat(a, 20);
      s5 = multiplyAdd(x5, b0, s5);
      t5 = multiplyAdd(x5, b1, t5);
    }
    b += 32;
    a += 4 * ROWS;
  }
  v128.store((load<u32>(c, 0) as usize) + column, s0);
  v128.store((load<u32>(c, 0) as usize) + column, t0, 16);
  v128.store((load<u32>(c, 4) as usize) + column, s1);
  v128.store((load<u32>(c, 4) as usize) + column, t1, 16);
  v128.store((load<u32>(c, 8) as usize) + column, s2);
  v128.store((load<u32>(c, 8) as usize) + column, t2, 16);
  v128.store((load<u32>(c, 12) as usize) + column, s3);
  v128.store((load<u32>(c, 12) as usize) + column, t3, 16);
  v128.store((load<u32>(c, 16) as usize) + column, s4);
  v128.store((load<u32>(c, 16) as usize) + column, t4, 16);
  if (ROWS == 6) {
    v128.store((load<u32>(c, 20) as usize) + column, s5);
    v128.store((load<u32>(c, 20) as usize) + column, t5, 16);
  }
}

/** {@link packedTile} added to the result. */
export function addPackedTile(a: usize, k: i32, b: usize, c: usize, column: usize): void {
  const c0: usize = (load<u32>(c, 0) as usize) + column;
  let s0 = v128.load(c0);
  let t0 = v128.load(c0, 16);
  const c1: usize = (load<u32>(c, 4) as usize) + column;
  let s1 = v128.load(c1);
  let t1 = v128.load(c1, 16);
  const c2: usize = (load<u32>(c, 8) as usize) + column;
  let s2 = v128.load(c2);
  let t2 = v128.load(c2, 16);
  const c3: usize = (load<u32>(c, 12) as usize) + column;
  let s3 = v128.load(c3);
  let t3 = v128.load(c3, 16);
  const c4: usize = (load<u32>(c, 16) as usize) + column;
  let s4 = v128.load(c4);
  let t4 = v128.load(c4, 16);
  const c5: usize = ROWS == 6 ? (load<u32>(c, 20) as usize) + column : 0;
  let s5 = v128.load(c5);
  let t5 = v128.load(c5, 16);
  const end = b + ((k as usize) << 5);
  while (b < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load32_splat(a, 0);
    s0 = multiplyAdd(x0, b0, s0);
    t0 = multiplyAdd(x0, b1, t0);
    const x1 = v128.load32_splat(a, 4);
    s1 = multiplyAdd(x1, b0, s1);
    t1 = multiplyAdd(x1, b1, t1);
    const x2 = v128.load32_splat(a, 8);
    s2 = multiplyAdd(x2, b0, s2);
    t2 = multiplyAdd(x2, b1, t2);
    const x3 = v128.load32_splat(a, 12);
    s3 = multiplyAdd(x3, b0, s3);
    t3 = multiplyAdd(x3, b1, t3);
    const x4 = v128.load32_splat(a, 16);
    s4 = multiplyAdd(x4, b0, s4);
    t4 = multiplyAdd(x4, b1, t4);
    if (ROWS == 6) {
      const x5 = v128.load32_splat(a, 20);
      s5 = multiplyAdd(x5, b0, s5);
      t5 = multiplyAdd(x5, b1, t5);
    }
    b += 32;
    a += 4 * ROWS;
  }
  v128.store((load<u32>(c, 0) as usize) + column, s0);
  v128.store((load<u32>(c, 0) as usize) + column, t0, 16);
  v128.store((load<u32>(c, 4) as usize) + column, s1);
  v128.store((load<u32>(c, 4) as usize) + column, t1, 16);
  v128.store((load<u32>(c, 8) as usize) + column, s2);
  v128.store((load<u32>(c, 8) as usize) + column, t2, 16);
  v128.store((load<u32>(c, 12) as usize) + column, s3);
  v128.store((load<u32>(c, 12) as usize) + column, t3, 16);
  v128.store((load<u32>(c, 16) as usize) + column, s4);
  v128.store((load<u32>(c, 16) as usize) + column, t4, 16);
  if (ROWS == 6) {
    v128.store((load<u32>(c, 20) as usize) + column, s5);
    v128.store((load<u32>(c, 20) as usize) + column, t5, 16);
  }
}
