import { jointCountOf } from './layout';

// 8-byte numbers of the item in work, J joints: where each array begins.

export function rotationsIn(_table: usize, item: usize): usize {
  return item;
}
export function transformsIn(table: usize, item: usize): usize {
  return item + ((<usize>(9 * jointCountOf(table))) << 3);
}
export function restJointsIn(table: usize, item: usize): usize {
  return item + ((<usize>(21 * jointCountOf(table))) << 3);
}
export function axisAnglesIn(table: usize, item: usize): usize {
  return item + ((<usize>(24 * jointCountOf(table))) << 3);
}
export function rotationGradientsIn(table: usize, item: usize): usize {
  return item + ((<usize>(27 * jointCountOf(table))) << 3);
}
export function transformGradientsIn(table: usize, item: usize): usize {
  return item + ((<usize>(36 * jointCountOf(table))) << 3);
}
export function restGradientsIn(table: usize, item: usize): usize {
  return item + ((<usize>(48 * jointCountOf(table))) << 3);
}
/** 32 numbers more. */
export function spareIn(table: usize, item: usize): usize {
  return item + ((<usize>(51 * jointCountOf(table))) << 3);
}

/** 8-byte numbers from floats. */
export function widen(from: usize, count: i32, to: usize): void {
  const end = from + ((<usize>count) << 2);
  for (; from < end; from += 4, to += 8) store<f64>(to, <f64>load<f32>(from));
}

/** Floats from 8-byte numbers. */
export function narrow(from: usize, count: i32, to: usize): void {
  const end = from + ((<usize>count) << 3);
  for (; from < end; from += 8, to += 4) store<f32>(to, <f32>load<f64>(from));
}

/** Sets `count` 8-byte numbers to zero. */
export function clear(at: usize, count: i32): void {
  memory.fill(at, 0, (<usize>count) << 3);
}

/** `out` = a · b for row-major 3 × 3 matrices; b and out have rows of `bStride` and `outStride` bytes. */
export function multiply3(a: usize, b: usize, bStride: usize, out: usize, outStride: usize, aStride: usize): void {
  for (let i = 0; i < 3; i++) {
    const a0 = load<f64>(a);
    const a1 = load<f64>(a, 8);
    const a2 = load<f64>(a, 16);
    const b1 = b + bStride;
    const b2 = b1 + bStride;
    store<f64>(out, a0 * load<f64>(b) + a1 * load<f64>(b1) + a2 * load<f64>(b2));
    store<f64>(out, a0 * load<f64>(b, 8) + a1 * load<f64>(b1, 8) + a2 * load<f64>(b2, 8), 8);
    store<f64>(out, a0 * load<f64>(b, 16) + a1 * load<f64>(b1, 16) + a2 * load<f64>(b2, 16), 16);
    a += aStride;
    out += outStride;
  }
}
