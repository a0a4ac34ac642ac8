/** One box filter of n pixels that lie one after the other. */
function line(source: usize, target: usize, n: i32, whole: i32, part: v128, scale: v128): void {
  const last = n - 1;
  const first = v128.load(source);
  const end = v128.load(source + 16 * last);
  let sum = f32x4.splat(0);
  for (let k = -whole; k <= whole; k++) sum = f32x4.add(sum, v128.load(source + 16 * min(last, max(0, k))));
  for (let i = 0; i < n; i++) {
    const before = i - whole - 1;
    const after = i + whole + 1;
    const left = before < 0 ? first : v128.load(source + 16 * before);
    const right = after > last ? end : v128.load(source + 16 * after);
    v128.store(target + 16 * i, f32x4.mul(scale, f32x4.add(sum, f32x4.mul(part, f32x4.add(left, right)))));
    const leaving = i - whole < 0 ? first : v128.load(source + 16 * (i - whole));
    sum = f32x4.add(sum, f32x4.sub(right, leaving));
  }
}

/** Two box filters along every row, in place; `spare` holds one row. See box-blur.ts. */
export function boxRows(pixels: usize, spare: usize, width: i32, height: i32, whole: i32, part: f32, scale: f32): void {
  const part4 = f32x4.splat(part);
  const scale4 = f32x4.splat(scale);
  for (let row = 0; row < height; row++) {
    const at = pixels + 16 * row * width;
    line(at, spare, width, whole, part4, scale4);
    line(spare, at, width, whole, part4, scale4);
  }
}

/** One box filter along the columns, which go down together; `sums` holds one row. */
export function boxColumns(
  source: usize,
  target: usize,
  sums: usize,
  width: i32,
  height: i32,
  whole: i32,
  part: f32,
  scale: f32,
): void {
  const part4 = f32x4.splat(part);
  const scale4 = f32x4.splat(scale);
  const pitch = 16 * width;
  const last = height - 1;
  memory.fill(sums, 0, pitch);
  for (let k = -whole; k <= whole; k++) {
    const from = source + pitch * min(last, max(0, k));
    for (let i = 0; i < pitch; i += 16) {
      v128.store(sums + i, f32x4.add(v128.load(sums + i), v128.load(from + i)));
    }
  }
  for (let row = 0; row < height; row++) {
    const before = source + pitch * max(0, row - whole - 1);
    const after = source + pitch * min(last, row + whole + 1);
    const leaving = source + pitch * max(0, row - whole);
    const to = target + pitch * row;
    for (let i = 0; i < pitch; i += 16) {
      const sum = v128.load(sums + i);
      const coming = v128.load(after + i);
      const ends = f32x4.add(v128.load(before + i), coming);
      v128.store(to + i, f32x4.mul(scale4, f32x4.add(sum, f32x4.mul(part4, ends))));
      v128.store(sums + i, f32x4.add(sum, f32x4.sub(coming, v128.load(leaving + i))));
    }
  }
}
