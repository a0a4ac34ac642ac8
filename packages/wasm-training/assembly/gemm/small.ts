import { multiplyAdd } from '../shared/multiply-add';

function sumOfLanes(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** out[0 … n) = Σ_i a[i · aStep] · b[i, :], the rows of b as they lie. */
function rowTimesMatrix(a: usize, aStep: usize, b: usize, out: usize, n: i32, k: i32): void {
  const stride = (n as usize) << 2;
  let j = 0;
  for (; j + 16 <= n; j += 16) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let left = a;
    let right = b + (j << 2);
    const end = right + k * stride;
    while (right < end) {
      const x = v128.load32_splat(left);
      s0 = multiplyAdd(x, v128.load(right), s0);
      s1 = multiplyAdd(x, v128.load(right, 16), s1);
      s2 = multiplyAdd(x, v128.load(right, 32), s2);
      s3 = multiplyAdd(x, v128.load(right, 48), s3);
      left += aStep;
      right += stride;
    }
    v128.store(out + (j << 2), s0);
    v128.store(out + (j << 2), s1, 16);
    v128.store(out + (j << 2), s2, 32);
    v128.store(out + (j << 2), s3, 48);
  }
  for (; j + 4 <= n; j += 4) {
    let s = f32x4.splat(0);
    let left = a;
    let right = b + (j << 2);
    for (let i = 0; i < k; i++) {
      s = multiplyAdd(v128.load32_splat(left), v128.load(right), s);
      left += aStep;
      right += stride;
    }
    v128.store(out + (j << 2), s);
  }
  for (; j < n; j++) {
    let s: f32 = 0;
    let left = a;
    let right = b + (j << 2);
    for (let i = 0; i < k; i++) {
      s += load<f32>(left) * load<f32>(right);
      left += aStep;
      right += stride;
    }
    store<f32>(out + (j << 2), s);
  }
}

/** out[j] = Σ_i a[i · aStep] · b[j, i], the columns of the right matrix lying in memory as rows. */
function rowTimesTransposed(a: usize, aStep: usize, b: usize, out: usize, n: i32, k: i32): void {
  for (let j = 0; j < n; j++) {
    let i = 0;
    let s: f32 = 0;
    if (aStep == 4) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      for (; i + 16 <= k; i += 16) {
        const at = (i as usize) << 2;
        s0 = multiplyAdd(v128.load(a + at), v128.load(b + at), s0);
        s1 = multiplyAdd(v128.load(a + at, 16), v128.load(b + at, 16), s1);
        s2 = multiplyAdd(v128.load(a + at, 32), v128.load(b + at, 32), s2);
        s3 = multiplyAdd(v128.load(a + at, 48), v128.load(b + at, 48), s3);
      }
      for (; i + 4 <= k; i += 4) {
        const at = (i as usize) << 2;
        s0 = multiplyAdd(v128.load(a + at), v128.load(b + at), s0);
      }
      s = sumOfLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
    }
    for (; i < k; i++) s += load<f32>(a + i * aStep) * load<f32>(b + (i << 2));
    store<f32>(out + (j << 2), s);
    b += (k as usize) << 2;
  }
}

/**
 * `count` products out = a · b of [m, k] and [k, n] without packing: for small ones, and for few rows.
 *
 * @param aStep bytes from one left matrix to the next, 0 for one for all
 * @param transposeA whether the left matrix lies in memory as [k, m]
 */
export function smallProducts(
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  out: usize,
  count: i32,
  m: i32,
  n: i32,
  k: i32,
  transposeA: i32,
  transposeB: i32,
): void {
  const rowStep: usize = transposeA ? 4 : (k as usize) << 2;
  const numberStep: usize = transposeA ? (m as usize) << 2 : 4;
  for (let i = 0; i < count; i++) {
    let row = a;
    for (let r = 0; r < m; r++) {
      if (transposeB) rowTimesTransposed(row, numberStep, b, out, n, k);
      else rowTimesMatrix(row, numberStep, b, out, n, k);
      row += rowStep;
      out += (n as usize) << 2;
    }
    a += aStep;
    b += bStep;
  }
}
