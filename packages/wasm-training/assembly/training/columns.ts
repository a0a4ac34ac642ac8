// Sums over the middle axis of [outer, count, inner], and what is spread back over it. The caller sees every slab of
// count · inner numbers as rows of `period` numbers, a multiple of both 4 and inner: vectors then always meet the same
// columns, whatever the number of channels. The last row may be a part of one.

/** Rows summed in single precision before they join the total, which is in double precision. */
const ROWS: i32 = 128;

/** Adds four lanes to four f64 at `to`. */
function addLanes(to: usize, lanes: v128): void {
  v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(lanes)));
  const upper = v128.shuffle<f32>(lanes, lanes, 2, 3, 2, 3);
  v128.store(to + 16, f64x2.add(v128.load(to + 16), f64x2.promote_low_f32x4(upper)));
}

/**
 * sums[o, j mod period] = Σ x[o, j].
 *
 * @param length numbers of a slab: count · inner
 * @param sums [outer, period] f64
 */
export function columnSums(x: usize, outer: i32, length: i32, period: i32, sums: usize): void {
  const width = (<usize>period) << 2;
  memory.fill(sums, 0, (<usize>outer * width) << 1);
  const rows = length / period;
  const rest = (<usize>(length - rows * period)) << 2;
  for (let o = 0; o < outer; o++) {
    for (let top = 0; top < rows; top += ROWS) {
      const count = min(ROWS, rows - top);
      let column: usize = 0;
      for (; column + 63 < width; column += 64) {
        let s0 = f32x4.splat(0);
        let s1 = f32x4.splat(0);
        let s2 = f32x4.splat(0);
        let s3 = f32x4.splat(0);
        let from = x + column;
        for (let i = 0; i < count; i++, from += width) {
          s0 = f32x4.add(s0, v128.load(from));
          s1 = f32x4.add(s1, v128.load(from, 16));
          s2 = f32x4.add(s2, v128.load(from, 32));
          s3 = f32x4.add(s3, v128.load(from, 48));
        }
        const to = sums + (column << 1);
        addLanes(to, s0);
        addLanes(to + 32, s1);
        addLanes(to + 64, s2);
        addLanes(to + 96, s3);
      }
      for (; column < width; column += 16) {
        let sum = f32x4.splat(0);
        let from = x + column;
        for (let i = 0; i < count; i++, from += width) sum = f32x4.add(sum, v128.load(from));
        addLanes(sums + (column << 1), sum);
      }
      x += <usize>count * width;
    }
    for (let at: usize = 0; at < rest; at += 4) {
      const to = sums + (at << 1);
      store<f64>(to, load<f64>(to) + <f64>load<f32>(x + at));
    }
    x += rest;
    sums += width << 1;
  }
}

/**
 * With d = x − shift: sums[o, j mod period] = Σ d, squares[…] = Σ d². The shift, anything near the mean, keeps small
 * variances of large numbers.
 *
 * @param shift [outer, period] f32
 * @param sums, squares [outer, period] f64
 */
export function columnMoments(
  x: usize,
  outer: i32,
  length: i32,
  period: i32,
  shift: usize,
  sums: usize,
  squares: usize,
): void {
  const width = (<usize>period) << 2;
  memory.fill(sums, 0, (<usize>outer * width) << 1);
  memory.fill(squares, 0, (<usize>outer * width) << 1);
  const rows = length / period;
  const rest = (<usize>(length - rows * period)) << 2;
  for (let o = 0; o < outer; o++) {
    for (let top = 0; top < rows; top += ROWS) {
      const count = min(ROWS, rows - top);
      let column: usize = 0;
      for (; column + 31 < width; column += 32) {
        const k0 = v128.load(shift + column);
        const k1 = v128.load(shift + column, 16);
        let s0 = f32x4.splat(0);
        let s1 = f32x4.splat(0);
        let q0 = f32x4.splat(0);
        let q1 = f32x4.splat(0);
        let from = x + column;
        for (let i = 0; i < count; i++, from += width) {
          const d0 = f32x4.sub(v128.load(from), k0);
          const d1 = f32x4.sub(v128.load(from, 16), k1);
          s0 = f32x4.add(s0, d0);
          s1 = f32x4.add(s1, d1);
          q0 = f32x4.add(q0, f32x4.mul(d0, d0));
          q1 = f32x4.add(q1, f32x4.mul(d1, d1));
        }
        const to = column << 1;
        addLanes(sums + to, s0);
        addLanes(sums + to + 32, s1);
        addLanes(squares + to, q0);
        addLanes(squares + to + 32, q1);
      }
      for (; column < width; column += 16) {
        const k = v128.load(shift + column);
        let sum = f32x4.splat(0);
        let square = f32x4.splat(0);
        let from = x + column;
        for (let i = 0; i < count; i++, from += width) {
          const d = f32x4.sub(v128.load(from), k);
          sum = f32x4.add(sum, d);
          square = f32x4.add(square, f32x4.mul(d, d));
        }
        addLanes(sums + (column << 1), sum);
        addLanes(squares + (column << 1), square);
      }
      x += <usize>count * width;
    }
    for (let at: usize = 0; at < rest; at += 4) {
      const d = <f64>(load<f32>(x + at) - load<f32>(shift + at));
      const to = at << 1;
      store<f64>(sums + to, load<f64>(sums + to) + d);
      store<f64>(squares + to, load<f64>(squares + to) + d * d);
    }
    x += rest;
    shift += width;
    sums += width << 1;
    squares += width << 1;
  }
}

/**
 * With d = x − shift: sums[o, j mod period] = Σ dy, products[…] = Σ dy·d.
 *
 * @param shift [outer, period] f32
 * @param sums, products [outer, period] f64
 */
export function columnProducts(
  dy: usize,
  x: usize,
  outer: i32,
  length: i32,
  period: i32,
  shift: usize,
  sums: usize,
  products: usize,
): void {
  const width = (<usize>period) << 2;
  memory.fill(sums, 0, (<usize>outer * width) << 1);
  memory.fill(products, 0, (<usize>outer * width) << 1);
  const rows = length / period;
  const rest = (<usize>(length - rows * period)) << 2;
  for (let o = 0; o < outer; o++) {
    for (let top = 0; top < rows; top += ROWS) {
      const count = min(ROWS, rows - top);
      let column: usize = 0;
      for (; column + 31 < width; column += 32) {
        const k0 = v128.load(shift + column);
        const k1 = v128.load(shift + column, 16);
        let s0 = f32x4.splat(0);
        let s1 = f32x4.splat(0);
        let q0 = f32x4.splat(0);
        let q1 = f32x4.splat(0);
        let at = column;
        for (let i = 0; i < count; i++, at += width) {
          const g0 = v128.load(dy + at);
          const g1 = v128.load(dy + at, 16);
          s0 = f32x4.add(s0, g0);
          s1 = f32x4.add(s1, g1);
          q0 = f32x4.add(q0, f32x4.mul(g0, f32x4.sub(v128.load(x + at), k0)));
          q1 = f32x4.add(q1, f32x4.mul(g1, f32x4.sub(v128.load(x + at, 16), k1)));
        }
        const to = column << 1;
        addLanes(sums + to, s0);
        addLanes(sums + to + 32, s1);
        addLanes(products + to, q0);
        addLanes(products + to + 32, q1);
      }
      for (; column < width; column += 16) {
        const k = v128.load(shift + column);
        let sum = f32x4.splat(0);
        let product = f32x4.splat(0);
        let at = column;
        for (let i = 0; i < count; i++, at += width) {
          const g = v128.load(dy + at);
          sum = f32x4.add(sum, g);
          product = f32x4.add(product, f32x4.mul(g, f32x4.sub(v128.load(x + at), k)));
        }
        addLanes(sums + (column << 1), sum);
        addLanes(products + (column << 1), product);
      }
      dy += <usize>count * width;
      x += <usize>count * width;
    }
    for (let at: usize = 0; at < rest; at += 4) {
      const g = <f64>load<f32>(dy + at);
      const d = <f64>(load<f32>(x + at) - load<f32>(shift + at));
      const to = at << 1;
      store<f64>(sums + to, load<f64>(sums + to) + g);
      store<f64>(products + to, load<f64>(products + to) + g * d);
    }
    dy += rest;
    x += rest;
    shift += width;
    sums += width << 1;
    products += width << 1;
  }
}

/** out[o, c] = scale · Σ over the j with j mod inner = c of sums[o, j]. @param out [outer, inner] f32 */
export function foldColumns(sums: usize, outer: i32, period: i32, inner: i32, scale: f64, out: usize): void {
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < inner; c++, out += 4) {
      let total: f64 = 0;
      for (let j = c; j < period; j += inner) total += load<f64>(sums + ((<usize>j) << 3));
      store<f32>(out, <f32>(total * scale));
    }
    sums += (<usize>period) << 3;
  }
}

/**
 * y = (x − shift)·factor + offset, the three by [outer, period].
 */
export function columnAffine(
  x: usize,
  outer: i32,
  length: i32,
  period: i32,
  shift: usize,
  factor: usize,
  offset: usize,
  y: usize,
): void {
  const width = (<usize>period) << 2;
  for (let o = 0; o < outer; o++) {
    let left = (<usize>length) << 2;
    while (left > 0) {
      const end = min(left, width);
      let at: usize = 0;
      for (; at + 15 < end; at += 16) {
        const d = f32x4.sub(v128.load(x + at), v128.load(shift + at));
        v128.store(y + at, f32x4.add(f32x4.mul(d, v128.load(factor + at)), v128.load(offset + at)));
      }
      for (; at < end; at += 4) {
        store<f32>(
          y + at,
          (load<f32>(x + at) - load<f32>(shift + at)) * load<f32>(factor + at) + load<f32>(offset + at),
        );
      }
      x += end;
      y += end;
      left -= end;
    }
    shift += width;
    factor += width;
    offset += width;
  }
}

/**
 * y = max((x − shift)·factor + offset + residual, 0), the three by [outer, period]; NaN stays NaN.
 *
 * @param residual of the size of x; 0: none
 */
export function columnAffineRelu(
  x: usize,
  outer: i32,
  length: i32,
  period: i32,
  shift: usize,
  factor: usize,
  offset: usize,
  residual: usize,
  y: usize,
): void {
  const zero = f32x4.splat(0);
  const width = (<usize>period) << 2;
  for (let o = 0; o < outer; o++) {
    let left = (<usize>length) << 2;
    while (left > 0) {
      const end = min(left, width);
      let at: usize = 0;
      if (residual === 0) {
        for (; at + 15 < end; at += 16) {
          const d = f32x4.sub(v128.load(x + at), v128.load(shift + at));
          const value = f32x4.add(f32x4.mul(d, v128.load(factor + at)), v128.load(offset + at));
          v128.store(y + at, f32x4.max(value, zero));
        }
      } else {
        for (; at + 15 < end; at += 16) {
          const d = f32x4.sub(v128.load(x + at), v128.load(shift + at));
          const value = f32x4.add(f32x4.mul(d, v128.load(factor + at)), v128.load(offset + at));
          v128.store(y + at, f32x4.max(f32x4.add(value, v128.load(residual + at)), zero));
        }
      }
      for (; at < end; at += 4) {
        const value = (load<f32>(x + at) - load<f32>(shift + at)) * load<f32>(factor + at) + load<f32>(offset + at);
        store<f32>(y + at, max<f32>(residual === 0 ? value : value + load<f32>(residual + at), 0));
      }
      x += end;
      y += end;
      if (residual !== 0) residual += end;
      left -= end;
    }
    shift += width;
    factor += width;
    offset += width;
  }
}

/**
 * dx = dy·factor + (x − shift)·slope + offset, the four by [outer, period].
 */
export function columnAffine2(
  dy: usize,
  x: usize,
  outer: i32,
  length: i32,
  period: i32,
  factor: usize,
  shift: usize,
  slope: usize,
  offset: usize,
  dx: usize,
): void {
  const width = (<usize>period) << 2;
  for (let o = 0; o < outer; o++) {
    let left = (<usize>length) << 2;
    while (left > 0) {
      const end = min(left, width);
      let at: usize = 0;
      for (; at + 15 < end; at += 16) {
        const d = f32x4.mul(f32x4.sub(v128.load(x + at), v128.load(shift + at)), v128.load(slope + at));
        const g = f32x4.mul(v128.load(dy + at), v128.load(factor + at));
        v128.store(dx + at, f32x4.add(f32x4.add(g, d), v128.load(offset + at)));
      }
      for (; at < end; at += 4) {
        const d = (load<f32>(x + at) - load<f32>(shift + at)) * load<f32>(slope + at);
        store<f32>(dx + at, load<f32>(dy + at) * load<f32>(factor + at) + d + load<f32>(offset + at));
      }
      dy += end;
      x += end;
      dx += end;
      left -= end;
    }
    factor += width;
    shift += width;
    slope += width;
    offset += width;
  }
}
