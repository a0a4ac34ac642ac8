// Rows that are copied or added where an index says.

/** to += from over `count` floats. */
function addRow(to: usize, from: usize, count: i32): void {
  const end = (<usize>count) << 2;
  let at: usize = 0;
  for (; at + 15 < end; at += 16) v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
  for (; at < end; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at));
}

function addRowOfIntegers(to: usize, from: usize, count: i32): void {
  const end = (<usize>count) << 2;
  for (let at: usize = 0; at < end; at += 4) store<i32>(to + at, load<i32>(to + at) + load<i32>(from + at));
}

/**
 * out[o, id[i], :] = Σ x[o, i, :]; ids outside [0, segments) are left out. Additions in the order of the rows.
 *
 * @param x [outer, count, width]
 * @param out [outer, segments, width]
 */
export function segmentSum(
  x: usize,
  ids: usize,
  out: usize,
  outer: i32,
  count: i32,
  width: i32,
  segments: i32,
  isInteger: i32,
): void {
  const bytes = (<usize>width) << 2;
  memory.fill(out, 0, <usize>(outer * segments) * bytes);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < count; i++, x += bytes) {
      const id = load<i32>(ids + ((<usize>i) << 2));
      if (<u32>id >= <u32>segments) continue;
      const to = out + <usize>id * bytes;
      if (isInteger) addRowOfIntegers(to, x, width);
      else addRow(to, x, width);
    }
    out += <usize>segments * bytes;
  }
}

/**
 * out[o, i, :] = x[o, index[i], :] of 4-byte numbers; the caller has checked the indices.
 *
 * @returns 0, or 1 + the place of the first index outside [0, size)
 */
export function gatherRows(x: usize, indices: usize, out: usize, outer: i32, size: i32, count: i32, width: i32): i32 {
  const bytes = (<usize>width) << 2;
  for (let i = 0; i < count; i++) {
    if (<u32>load<i32>(indices + ((<usize>i) << 2)) >= <u32>size) return i + 1;
  }
  for (let o = 0; o < outer; o++) {
    if (width === 1) {
      for (let i = 0; i < count; i++, out += 4) {
        store<f32>(out, load<f32>(x + ((<usize>load<i32>(indices + ((<usize>i) << 2))) << 2)));
      }
    } else {
      for (let i = 0; i < count; i++) {
        let from = x + <usize>load<i32>(indices + ((<usize>i) << 2)) * bytes;
        const end = out + bytes;
        for (; out + 15 < end; out += 16, from += 16) v128.store(out, v128.load(from));
        for (; out < end; out += 4, from += 4) store<u32>(out, load<u32>(from));
      }
    }
    x += <usize>size * bytes;
  }
  return 0;
}
