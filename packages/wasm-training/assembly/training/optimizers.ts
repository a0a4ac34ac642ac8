// Optimisers over a table of blocks: one call updates every variable of a model. The new values go to memory of their own,
// since the backend keeps packed copies of filters by tensor.

/** Bytes of one row of the table: eight u32. */
const ROW: usize = 32;

/** Byte offset number `i` of a row. */
function pointer(row: usize, i: i32): usize {
  return <usize>load<u32>(row + ((<usize>i) << 2));
}

/**
 * m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², p ← keep·p − rate·m / (√v + ε), with g ← g + l2·p first.
 *
 * @param table rows of value, gradient, first moment, second moment, the same three written, count of numbers
 */
export function adam(
  table: usize,
  rows: i32,
  rate: f32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  epsilon: f32,
  l2: f32,
  keep: f32,
): void {
  const vRate = f32x4.splat(rate);
  const vBeta1 = f32x4.splat(beta1);
  const vRest1 = f32x4.splat(rest1);
  const vBeta2 = f32x4.splat(beta2);
  const vRest2 = f32x4.splat(rest2);
  const vEpsilon = f32x4.splat(epsilon);
  const vL2 = f32x4.splat(l2);
  const vKeep = f32x4.splat(keep);
  for (let r = 0; r < rows; r++, table += ROW) {
    let p = pointer(table, 0);
    let g = pointer(table, 1);
    let m = pointer(table, 2);
    let v = pointer(table, 3);
    let newP = pointer(table, 4);
    let newM = pointer(table, 5);
    let newV = pointer(table, 6);
    const count = <i32>load<u32>(table + 28);
    let i = 0;
    for (; i + 3 < count; i += 4) {
      const value = v128.load(p);
      const gradient = f32x4.add(v128.load(g), f32x4.mul(value, vL2));
      const first = f32x4.add(f32x4.mul(v128.load(m), vBeta1), f32x4.mul(gradient, vRest1));
      const second = f32x4.add(f32x4.mul(v128.load(v), vBeta2), f32x4.mul(f32x4.mul(gradient, gradient), vRest2));
      const change = f32x4.mul(f32x4.div(first, f32x4.add(f32x4.sqrt(second), vEpsilon)), vRate);
      v128.store(newP, f32x4.sub(f32x4.mul(value, vKeep), change));
      v128.store(newM, first);
      v128.store(newV, second);
      p += 16;
      g += 16;
      m += 16;
      v += 16;
      newP += 16;
      newM += 16;
      newV += 16;
    }
    for (; i < count; i++) {
      const value = load<f32>(p);
      const gradient = load<f32>(g) + value * l2;
      const first = load<f32>(m) * beta1 + gradient * rest1;
      const second = load<f32>(v) * beta2 + gradient * gradient * rest2;
      store<f32>(newP, value * keep - (first / (sqrt<f32>(second) + epsilon)) * rate);
      store<f32>(newM, first);
      store<f32>(newV, second);
      p += 4;
      g += 4;
      m += 4;
      v += 4;
      newP += 4;
      newM += 4;
      newV += 4;
    }
  }
}

/** p ← keep·p − rate·(g + l2·p). @param table rows of value, gradient, new value, four unused, count of numbers */
export function sgd(table: usize, rows: i32, rate: f32, l2: f32, keep: f32): void {
  const vRate = f32x4.splat(rate);
  const vL2 = f32x4.splat(l2);
  const vKeep = f32x4.splat(keep);
  for (let r = 0; r < rows; r++, table += ROW) {
    const p = pointer(table, 0);
    const g = pointer(table, 1);
    const newP = pointer(table, 2);
    const end = (<usize>load<u32>(table + 28)) << 2;
    let at: usize = 0;
    for (; at + 15 < end; at += 16) {
      const value = v128.load(p + at);
      const gradient = f32x4.add(v128.load(g + at), f32x4.mul(value, vL2));
      v128.store(newP + at, f32x4.sub(f32x4.mul(value, vKeep), f32x4.mul(gradient, vRate)));
    }
    for (; at < end; at += 4) {
      const value = load<f32>(p + at);
      store<f32>(newP + at, value * keep - (load<f32>(g + at) + value * l2) * rate);
    }
  }
}

/**
 * u ← μ·u + g + l2·p, p ← keep·p − rate·u.
 *
 * @param table rows of value, gradient, velocity, new value, new velocity, two unused, count of numbers
 */
export function sgdWithMomentum(table: usize, rows: i32, rate: f32, momentum: f32, l2: f32, keep: f32): void {
  const vRate = f32x4.splat(rate);
  const vMomentum = f32x4.splat(momentum);
  const vL2 = f32x4.splat(l2);
  const vKeep = f32x4.splat(keep);
  for (let r = 0; r < rows; r++, table += ROW) {
    const p = pointer(table, 0);
    const g = pointer(table, 1);
    const u = pointer(table, 2);
    const newP = pointer(table, 3);
    const newU = pointer(table, 4);
    const end = (<usize>load<u32>(table + 28)) << 2;
    let at: usize = 0;
    for (; at + 15 < end; at += 16) {
      const value = v128.load(p + at);
      const gradient = f32x4.add(v128.load(g + at), f32x4.mul(value, vL2));
      const velocity = f32x4.add(f32x4.mul(v128.load(u + at), vMomentum), gradient);
      v128.store(newU + at, velocity);
      v128.store(newP + at, f32x4.sub(f32x4.mul(value, vKeep), f32x4.mul(velocity, vRate)));
    }
    for (; at < end; at += 4) {
      const value = load<f32>(p + at);
      const velocity = load<f32>(u + at) * momentum + (load<f32>(g + at) + value * l2);
      store<f32>(newU + at, velocity);
      store<f32>(newP + at, value * keep - velocity * rate);
    }
  }
}

/** Σ x² over all blocks, in double precision and in a fixed order. @param table rows of x, six unused, count of numbers */
export function sumOfSquares(table: usize, rows: i32): f64 {
  let total: f64 = 0;
  for (let r = 0; r < rows; r++, table += ROW) {
    let x = pointer(table, 0);
    const end = x + ((<usize>load<u32>(table + 28)) << 2);
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (; x + 15 < end; x += 16) {
      const value = v128.load(x);
      const a = f64x2.promote_low_f32x4(value);
      const b = f64x2.promote_low_f32x4(v128.shuffle<f32>(value, value, 2, 3, 2, 3));
      low = f64x2.add(low, f64x2.mul(a, a));
      high = f64x2.add(high, f64x2.mul(b, b));
    }
    const both = f64x2.add(low, high);
    let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
    for (; x < end; x += 4) {
      const value = <f64>load<f32>(x);
      sum += value * value;
    }
    total += sum;
  }
  return total;
}

/** out = x · factor for every block. @param table rows of x, out, five unused, count of numbers */
export function scaleBlocks(table: usize, rows: i32, factor: f32): void {
  const vFactor = f32x4.splat(factor);
  for (let r = 0; r < rows; r++, table += ROW) {
    const x = pointer(table, 0);
    const out = pointer(table, 1);
    const end = (<usize>load<u32>(table + 28)) << 2;
    let at: usize = 0;
    for (; at + 15 < end; at += 16) v128.store(out + at, f32x4.mul(v128.load(x + at), vFactor));
    for (; at < end; at += 4) store<f32>(out + at, load<f32>(x + at) * factor);
  }
}
