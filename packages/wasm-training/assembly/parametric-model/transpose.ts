/** Four rows of four floats, `stride` bytes apart, as columns: out rows `outStride` bytes apart. */
export function transpose4(a: usize, b: usize, c: usize, d: usize, out: usize, outStride: usize, scale: v128): void {
  const a0 = v128.load(a);
  const b0 = v128.load(b);
  const c0 = v128.load(c);
  const d0 = v128.load(d);
  const ab = v128.shuffle<f32>(a0, b0, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c0, d0, 0, 4, 1, 5);
  const ef = v128.shuffle<f32>(a0, b0, 2, 6, 3, 7);
  const gh = v128.shuffle<f32>(c0, d0, 2, 6, 3, 7);
  v128.store(out, f32x4.mul(scale, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5)));
  v128.store(out + outStride, f32x4.mul(scale, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7)));
  v128.store(out + 2 * outStride, f32x4.mul(scale, v128.shuffle<f32>(ef, gh, 0, 1, 4, 5)));
  v128.store(out + 3 * outStride, f32x4.mul(scale, v128.shuffle<f32>(ef, gh, 2, 3, 6, 7)));
}

/**
 * Rows of a group into items: out[item, row] for `items` ≤ width items.
 *
 * @param rows [count] rows of `width` floats
 * @param itemBytes distance of the items
 */
export function rowsToItems(rows: usize, count: i32, width: i32, items: i32, out: usize, itemBytes: usize): void {
  const row = (<usize>width) << 2;
  const one = f32x4.splat(1);
  for (let lane = 0; lane < items; lane += 4) {
    const from = rows + ((<usize>lane) << 2);
    const to = out + <usize>lane * itemBytes;
    let r = 0;
    if (items - lane >= 4) {
      for (; r + 4 <= count; r += 4) {
        const at = from + <usize>r * row;
        transpose4(at, at + row, at + 2 * row, at + 3 * row, to + ((<usize>r) << 2), itemBytes, one);
      }
    }
    const lanes = min(items - lane, 4);
    for (; r < count; r++) {
      for (let i = 0; i < lanes; i++) {
        store<f32>(to + <usize>i * itemBytes + ((<usize>r) << 2), load<f32>(from + <usize>r * row + ((<usize>i) << 2)));
      }
    }
  }
}

/** Items into rows of a group, times `scale`; the empty places of the group become zero. */
export function itemsToRows(
  from: usize,
  itemBytes: usize,
  count: i32,
  width: i32,
  items: i32,
  scale: f32,
  rows: usize,
): void {
  const row = (<usize>width) << 2;
  const unit = f32x4.splat(scale);
  for (let lane = 0; lane < width; lane += 4) {
    const at = from + <usize>lane * itemBytes;
    const to = rows + ((<usize>lane) << 2);
    let r = 0;
    if (items - lane >= 4) {
      for (; r + 4 <= count; r += 4) {
        const a = at + ((<usize>r) << 2);
        transpose4(a, a + itemBytes, a + 2 * itemBytes, a + 3 * itemBytes, to + <usize>r * row, row, unit);
      }
    }
    const lanes = min(width - lane, 4);
    for (; r < count; r++) {
      for (let i = 0; i < lanes; i++) {
        const value = lane + i < items ? scale * load<f32>(at + <usize>i * itemBytes + ((<usize>r) << 2)) : 0;
        store<f32>(to + <usize>r * row + ((<usize>i) << 2), value);
      }
    }
  }
}
