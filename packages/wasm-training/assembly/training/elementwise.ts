// Operations element by element. Operations by number: 0 a + b, 1 a − b, 2 a·b, 3 a/b, 4 b − a, 5 b/a,
// 6 a where a > 0, else a·b.

function combine(operation: i32, a: f32, b: f32): f32 {
  if (operation === 0) return a + b;
  if (operation === 1) return a - b;
  if (operation === 2) return a * b;
  if (operation === 3) return a / b;
  if (operation === 4) return b - a;
  if (operation === 5) return b / a;
  return a > 0 ? a : a * b;
}

function sloped(a: v128, b: v128): v128 {
  return v128.bitselect(a, f32x4.mul(a, b), f32x4.gt(a, f32x4.splat(0)));
}

/** out = a ∘ b over `bytes` of floats. */
function combineBlocks(operation: i32, a: usize, b: usize, out: usize, bytes: usize): void {
  const end = bytes & ~15;
  let i: usize = 0;
  if (operation === 0) {
    for (; i < end; i += 16) v128.store(out + i, f32x4.add(v128.load(a + i), v128.load(b + i)));
  } else if (operation === 1) {
    for (; i < end; i += 16) v128.store(out + i, f32x4.sub(v128.load(a + i), v128.load(b + i)));
  } else if (operation === 2) {
    for (; i < end; i += 16) v128.store(out + i, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  } else if (operation === 3) {
    for (; i < end; i += 16) v128.store(out + i, f32x4.div(v128.load(a + i), v128.load(b + i)));
  } else if (operation === 4) {
    for (; i < end; i += 16) v128.store(out + i, f32x4.sub(v128.load(b + i), v128.load(a + i)));
  } else if (operation === 5) {
    for (; i < end; i += 16) v128.store(out + i, f32x4.div(v128.load(b + i), v128.load(a + i)));
  } else {
    for (; i < end; i += 16) v128.store(out + i, sloped(v128.load(a + i), v128.load(b + i)));
  }
  for (; i < bytes; i += 4) store<f32>(out + i, combine(operation, load<f32>(a + i), load<f32>(b + i)));
}

/** out = a ∘ b for [outer, length] and [outer, period], b repeated along the second axis. */
export function binary(operation: i32, a: usize, b: usize, out: usize, outer: i32, length: i32, period: i32): void {
  const width = (<usize>period) << 2;
  for (let o = 0; o < outer; o++) {
    let left = (<usize>length) << 2;
    while (left > 0) {
      const bytes = min(left, width);
      combineBlocks(operation, a, b, out, bytes);
      a += bytes;
      out += bytes;
      left -= bytes;
    }
    b += width;
  }
}

/** out = a ∘ b for [outer, length] and [outer]: one number beside every row. */
export function binarySingle(operation: i32, a: usize, b: usize, out: usize, outer: i32, length: i32): void {
  const bytes = (<usize>length) << 2;
  const end = bytes & ~15;
  for (let o = 0; o < outer; o++, b += 4) {
    const single = load<f32>(b);
    const spread = f32x4.splat(single);
    let i: usize = 0;
    if (operation === 0) {
      for (; i < end; i += 16) v128.store(out + i, f32x4.add(v128.load(a + i), spread));
    } else if (operation === 1) {
      for (; i < end; i += 16) v128.store(out + i, f32x4.sub(v128.load(a + i), spread));
    } else if (operation === 2) {
      for (; i < end; i += 16) v128.store(out + i, f32x4.mul(v128.load(a + i), spread));
    } else if (operation === 3) {
      for (; i < end; i += 16) v128.store(out + i, f32x4.div(v128.load(a + i), spread));
    } else if (operation === 4) {
      for (; i < end; i += 16) v128.store(out + i, f32x4.sub(spread, v128.load(a + i)));
    } else if (operation === 5) {
      for (; i < end; i += 16) v128.store(out + i, f32x4.div(spread, v128.load(a + i)));
    } else {
      for (; i < end; i += 16) v128.store(out + i, sloped(v128.load(a + i), spread));
    }
    for (; i < bytes; i += 4) store<f32>(out + i, combine(operation, load<f32>(a + i), single));
    a += bytes;
    out += bytes;
  }
}

/** dx = dy where y > 0, else 0. */
export function reluGradient(dy: usize, y: usize, dx: usize, count: i32): void {
  const zero = f32x4.splat(0);
  const end = (<usize>count) << 2;
  let at: usize = 0;
  for (; at + 15 < end; at += 16) {
    v128.store(dx + at, v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), zero)));
  }
  for (; at < end; at += 4) store<f32>(dx + at, load<f32>(y + at) > 0 ? load<f32>(dy + at) : 0);
}
