/** Four rows of four numbers, `stride` bytes apart, transposed into four rows of `outStride` bytes. */
function transpose4(from: usize, stride: usize, to: usize, outStride: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + stride);
  const r2 = v128.load(from + 2 * stride);
  const r3 = v128.load(from + 3 * stride);
  const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const b = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const c = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(a, b, 0, 1, 4, 5));
  v128.store(to + outStride, v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  v128.store(to + 2 * outStride, v128.shuffle<f32>(c, d, 0, 1, 4, 5));
  v128.store(to + 3 * outStride, v128.shuffle<f32>(c, d, 2, 3, 6, 7));
}

/**
 * Packs `k` rows of `n` numbers, `stride` bytes apart, into panels of 8 columns: [n / 8][k][8], zeros beyond n.
 *
 * @param panelBytes from one panel to the next, at least 32 · k; better not a power of two
 */
export function packPanels(from: usize, stride: usize, k: i32, n: i32, to: usize, panelBytes: usize): void {
  const whole = n >> 3;
  const rest = n & 7;
  for (let i = 0; i < k; i++) {
    let source = from;
    let target = to;
    for (let p = 0; p < whole; p++) {
      v128.store(target, v128.load(source));
      v128.store(target, v128.load(source, 16), 16);
      source += 32;
      target += panelBytes;
    }
    if (rest) {
      for (let j = 0; j < 8; j++) store<f32>(target + (j << 2), j < rest ? load<f32>(source + (j << 2)) : 0);
    }
    from += stride;
    to += 32;
  }
}

/** The same from the transpose: `n` rows of `k` numbers, `stride` bytes apart, into [n / 8][k][8]. */
export function packPanelsTransposed(from: usize, stride: usize, k: i32, n: i32, to: usize, panelBytes: usize): void {
  for (; n > 0; n -= 8) {
    if (n >= 8) {
      let i = 0;
      let source = from;
      let target = to;
      for (; i + 4 <= k; i += 4) {
        transpose4(source, stride, target, 32);
        transpose4(source + 4 * stride, stride, target + 16, 32);
        source += 16;
        target += 128;
      }
      for (; i < k; i++) {
        for (let j = 0; j < 8; j++) store<f32>(target + (j << 2), load<f32>(source + j * stride));
        source += 4;
        target += 32;
      }
    } else {
      for (let i = 0; i < k; i++) {
        for (let j = 0; j < 8; j++) {
          store<f32>(to + (i << 5) + (j << 2), j < n ? load<f32>(from + j * stride + (i << 2)) : 0);
        }
      }
    }
    from += 8 * stride;
    to += panelBytes;
  }
}
