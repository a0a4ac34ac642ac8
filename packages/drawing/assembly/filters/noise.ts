/** Bytes that one place of the table serves. */
const RUN: i32 = 48;

function noisy(bytes: v128, table: usize, deviation: v128): v128 {
  const half = f32x4.splat(0.5);
  const low = i16x8.extend_low_i8x16_u(bytes);
  const high = i16x8.extend_high_i8x16_u(bytes);
  const a = value(i32x4.extend_low_i16x8_u(low), v128.load(table), deviation, half);
  const b = value(i32x4.extend_high_i16x8_u(low), v128.load(table, 16), deviation, half);
  const c = value(i32x4.extend_low_i16x8_u(high), v128.load(table, 32), deviation, half);
  const d = value(i32x4.extend_high_i16x8_u(high), v128.load(table, 48), deviation, half);
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}

function value(byte: v128, normal: v128, deviation: v128, half: v128): v128 {
  const moved = f32x4.add(f32x4.convert_i32x4_u(byte), f32x4.mul(deviation, normal));
  return i32x4.trunc_sat_f32x4_s(f32x4.add(moved, half));
}

/** See add-noise.ts of the twins; `bytes` has room for a whole number of runs. */
export function noise(bytes: usize, count: i32, table: usize, mask: i32, seed: i32, deviation: f32): void {
  const deviation4 = f32x4.splat(deviation);
  let state = u32(seed);
  for (let i = 0; i < count; i += RUN) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    const from = table + (usize((state >> 8) & mask) << 2);
    for (let k = 0; k < RUN; k += 16) {
      const at = bytes + i + k;
      v128.store(at, noisy(v128.load(at), from + 4 * k, deviation4));
    }
  }
}
