/** Adds rows of bytes to rows of sums, 16 at a time; `columns` is a multiple of 16. See motion.ts of the twins. */
export function addShifted(bytes: usize, pitch: i32, sums: usize, columns: i32, rows: i32): void {
  for (let row = 0; row < rows; row++) {
    const from = bytes + row * pitch;
    const to = sums + 2 * row * columns;
    for (let i = 0; i < columns; i += 16) {
      const value = v128.load(from + i);
      const place = to + 2 * i;
      v128.store(place, i16x8.add(v128.load(place), i16x8.extend_low_i8x16_u(value)));
      v128.store(place, i16x8.add(v128.load(place, 16), i16x8.extend_high_i8x16_u(value)), 16);
    }
  }
}

/** Sums over their number, rounded, as bytes. */
export function average(sums: usize, bytes: usize, columns: i32, rows: i32, width: i32, taps: f32): void {
  const taps4 = f32x4.splat(taps);
  const half = f32x4.splat(0.5);
  for (let row = 0; row < rows; row++) {
    const from = sums + 2 * row * columns;
    const to = bytes + row * width;
    let i = 0;
    for (; i + 8 <= width; i += 8) {
      const eight = v128.load(from + 2 * i);
      const low = f32x4.div(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(eight)), taps4);
      const high = f32x4.div(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(eight)), taps4);
      const words = i16x8.narrow_i32x4_s(
        i32x4.trunc_sat_f32x4_s(f32x4.add(low, half)),
        i32x4.trunc_sat_f32x4_s(f32x4.add(high, half)),
      );
      v128.store64_lane(to + i, i8x16.narrow_i16x8_u(words, words), 0);
    }
    for (; i < width; i++) store<u8>(to + i, u8(f32(load<u16>(from + 2 * i)) / taps + <f32>0.5));
  }
}
