import { storePixel } from './pixels';

/** Sums of what red, green and blue give to each channel; `tables` [3, 256, 4]. */
export function tone(bytes: usize, count: i32, tables: usize): void {
  for (let i = 0; i < count; i++) {
    const at = bytes + 3 * i;
    const red = v128.load(tables + (usize(load<u8>(at)) << 4));
    const green = v128.load(tables + (usize(load<u8>(at, 1)) << 4), 4096);
    const blue = v128.load(tables + (usize(load<u8>(at, 2)) << 4), 8192);
    storePixel(at, f32x4.add(f32x4.add(red, green), blue));
  }
}
