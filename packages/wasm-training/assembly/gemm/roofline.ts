import { multiplyAdd } from '../shared/multiply-add';

// Loops of multiply-adds in registers and nothing else: what the core does at best, for benchmarks. Each returns a number made
// of all sums, so that nothing is dropped.
//
// Measured in GFLOP/s (without, with fused multiply-add): 8 sums 71, 65; 10 sums 72, 66; 12 sums 71, 69; 13 sums, which no longer
// fit into V8's registers with the factors, 38, 35. As x ← x · a + b the latency of two dependent operations shows without
// fused multiply-add: 46, 54, 61.

/** `count` rounds of 8 independent sums of 4 lanes: s ← a · b + s. */
export function sums8(count: i32, x: f32, y: f32): f32 {
  const a = f32x4.splat(x);
  const b = f32x4.splat(y);
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(1);
  let s2 = f32x4.splat(2);
  let s3 = f32x4.splat(3);
  let s4 = f32x4.splat(4);
  let s5 = f32x4.splat(5);
  let s6 = f32x4.splat(6);
  let s7 = f32x4.splat(7);
  for (let i = 0; i < count; i++) {
    s0 = multiplyAdd(a, b, s0);
    s1 = multiplyAdd(a, b, s1);
    s2 = multiplyAdd(a, b, s2);
    s3 = multiplyAdd(a, b, s3);
    s4 = multiplyAdd(a, b, s4);
    s5 = multiplyAdd(a, b, s5);
    s6 = multiplyAdd(a, b, s6);
    s7 = multiplyAdd(a, b, s7);
  }
  s0 = f32x4.add(s0, s1);
  s0 = f32x4.add(s0, s2);
  s0 = f32x4.add(s0, s3);
  s0 = f32x4.add(s0, s4);
  s0 = f32x4.add(s0, s5);
  s0 = f32x4.add(s0, s6);
  s0 = f32x4.add(s0, s7);
  return f32x4.extract_lane(s0, 0) + f32x4.extract_lane(s0, 3);
}

/** `count` rounds of 10 independent sums of 4 lanes: s ← a · b + s. */
export function sums10(count: i32, x: f32, y: f32): f32 {
  const a = f32x4.splat(x);
  const b = f32x4.splat(y);
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(1);
  let s2 = f32x4.splat(2);
  let s3 = f32x4.splat(3);
  let s4 = f32x4.splat(4);
  let s5 = f32x4.splat(5);
  let s6 = f32x4.splat(6);
  let s7 = f32x4.splat(7);
  let s8 = f32x4.splat(8);
  let s9 = f32x4.splat(9);
  for (let i = 0; i < count; i++) {
    s0 = multiplyAdd(a, b, s0);
    s1 = multiplyAdd(a, b, s1);
    s2 = multiplyAdd(a, b, s2);
    s3 = multiplyAdd(a, b, s3);
    s4 = multiplyAdd(a, b, s4);
    s5 = multiplyAdd(a, b, s5);
    s6 = multiplyAdd(a, b, s6);
    s7 = multiplyAdd(a, b, s7);
    s8 = multiplyAdd(a, b, s8);
    s9 = multiplyAdd(a, b, s9);
  }
  s0 = f32x4.add(s0, s1);
  s0 = f32x4.add(s0, s2);
  s0 = f32x4.add(s0, s3);
  s0 = f32x4.add(s0, s4);
  s0 = f32x4.add(s0, s5);
  s0 = f32x4.add(s0, s6);
  s0 = f32x4.add(s0, s7);
  s0 = f32x4.add(s0, s8);
  s0 = f32x4.add(s0, s9);
  return f32x4.extract_lane(s0, 0) + f32x4.extract_lane(s0, 3);
}

/** `count` rounds of 12 independent sums of 4 lanes: s ← a · b + s. */
export function sums12(count: i32, x: f32, y: f32): f32 {
  const a = f32x4.splat(x);
  const b = f32x4.splat(y);
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(1);
  let s2 = f32x4.splat(2);
  let s3 = f32x4.splat(3);
  let s4 = f32x4.splat(4);
  let s5 = f32x4.splat(5);
  let s6 = f32x4.splat(6);
  let s7 = f32x4.splat(7);
  let s8 = f32x4.splat(8);
  let s9 = f32x4.splat(9);
  let s10 = f32x4.splat(10);
  let s11 = f32x4.splat(11);
  for (let i = 0; i < count; i++) {
    s0 = multiplyAdd(a, b, s0);
    s1 = multiplyAdd(a, b, s1);
    s2 = multiplyAdd(a, b, s2);
    s3 = multiplyAdd(a, b, s3);
    s4 = multiplyAdd(a, b, s4);
    s5 = multiplyAdd(a, b, s5);
    s6 = multiplyAdd(a, b, s6);
    s7 = multiplyAdd(a, b, s7);
    s8 = multiplyAdd(a, b, s8);
    s9 = multiplyAdd(a, b, s9);
    s10 = multiplyAdd(a, b, s10);
    s11 = multiplyAdd(a, b, s11);
  }
  s0 = f32x4.add(s0, s1);
  s0 = f32x4.add(s0, s2);
  s0 = f32x4.add(s0, s3);
  s0 = f32x4.add(s0, s4);
  s0 = f32x4.add(s0, s5);
  s0 = f32x4.add(s0, s6);
  s0 = f32x4.add(s0, s7);
  s0 = f32x4.add(s0, s8);
  s0 = f32x4.add(s0, s9);
  s0 = f32x4.add(s0, s10);
  s0 = f32x4.add(s0, s11);
  return f32x4.extract_lane(s0, 0) + f32x4.extract_lane(s0, 3);
}

/** `count` rounds of 12 independent sums of 4 lanes: s ← s · a + b. */
export function products12(count: i32, x: f32, y: f32): f32 {
  const a = f32x4.splat(x);
  const b = f32x4.splat(y);
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(1);
  let s2 = f32x4.splat(2);
  let s3 = f32x4.splat(3);
  let s4 = f32x4.splat(4);
  let s5 = f32x4.splat(5);
  let s6 = f32x4.splat(6);
  let s7 = f32x4.splat(7);
  let s8 = f32x4.splat(8);
  let s9 = f32x4.splat(9);
  let s10 = f32x4.splat(10);
  let s11 = f32x4.splat(11);
  for (let i = 0; i < count; i++) {
    s0 = multiplyAdd(s0, a, b);
    s1 = multiplyAdd(s1, a, b);
    s2 = multiplyAdd(s2, a, b);
    s3 = multiplyAdd(s3, a, b);
    s4 = multiplyAdd(s4, a, b);
    s5 = multiplyAdd(s5, a, b);
    s6 = multiplyAdd(s6, a, b);
    s7 = multiplyAdd(s7, a, b);
    s8 = multiplyAdd(s8, a, b);
    s9 = multiplyAdd(s9, a, b);
    s10 = multiplyAdd(s10, a, b);
    s11 = multiplyAdd(s11, a, b);
  }
  s0 = f32x4.add(s0, s1);
  s0 = f32x4.add(s0, s2);
  s0 = f32x4.add(s0, s3);
  s0 = f32x4.add(s0, s4);
  s0 = f32x4.add(s0, s5);
  s0 = f32x4.add(s0, s6);
  s0 = f32x4.add(s0, s7);
  s0 = f32x4.add(s0, s8);
  s0 = f32x4.add(s0, s9);
  s0 = f32x4.add(s0, s10);
  s0 = f32x4.add(s0, s11);
  return f32x4.extract_lane(s0, 0) + f32x4.extract_lane(s0, 3);
}
