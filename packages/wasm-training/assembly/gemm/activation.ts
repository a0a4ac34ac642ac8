/**
 * x ← min(max(y, 0) + slope · min(y, 0), high) with y = x + bias, for `rows` rows of n numbers one behind the other:
 * relu, relu6, leaky relu and prelu.
 *
 * @param bias n numbers, or 0
 * @param slope n numbers, or 0 for no activation
 */
export function finishRows(x: usize, rows: i32, n: i32, bias: usize, slope: usize, high: f32): void {
  const zero = f32x4.splat(0);
  const bound = f32x4.splat(high);
  const bytes = (n as usize) << 2;
  for (let i = 0; i < rows; i++) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      let y = v128.load(x + j);
      if (bias) y = f32x4.add(y, v128.load(bias + j));
      if (slope) {
        const low = f32x4.mul(v128.load(slope + j), f32x4.min(y, zero));
        y = f32x4.min(f32x4.add(f32x4.max(y, zero), low), bound);
      }
      v128.store(x + j, y);
    }
    for (; j < bytes; j += 4) {
      let y = load<f32>(x + j);
      if (bias) y += load<f32>(bias + j);
      if (slope) y = min(max(y, <f32>0) + load<f32>(slope + j) * min(y, <f32>0), high);
      store<f32>(x + j, y);
    }
    x += bytes;
  }
}
