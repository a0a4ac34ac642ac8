/** Sets `count` floats from byte offset `at` on to `value`. */
export function fill(at: usize, count: i32, value: f32): void {
  const end = at + ((count as usize) << 2);
  const lanes = f32x4.splat(value);
  for (; at + 16 <= end; at += 16) v128.store(at, lanes);
  for (; at < end; at += 4) store<f32>(at, value);
}
