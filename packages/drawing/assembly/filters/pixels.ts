/** Three bytes as four float lanes, the last one rubbish of the byte that follows. */
export function loadPixel(at: usize): v128 {
  const bytes = v128.load32_zero(at);
  return f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)));
}

/** The three first lanes, cut off after the point and held in 0 … 255. */
export function storePixel(at: usize, value: v128): void {
  const words = i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(value), i32x4.splat(0));
  const bytes = i8x16.narrow_i16x8_u(words, words);
  v128.store8_lane(at, bytes, 0);
  v128.store8_lane(at, bytes, 1, 1);
  v128.store8_lane(at, bytes, 2, 2);
}

/** See pixels.ts of the twins. */
export function spread(bytes: usize, pixels: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    v128.store(pixels + 16 * i, f32x4.replace_lane(loadPixel(bytes + 3 * i), 3, 0));
  }
}

export function gather(pixels: usize, bytes: usize, count: i32): void {
  const half = f32x4.splat(0.5);
  for (let i = 0; i < count; i++) storePixel(bytes + 3 * i, f32x4.add(v128.load(pixels + 16 * i), half));
}
