// Rows of 4-byte numbers between two places with steps of their own: parts, joints and frames of tensors. Rows of a few hundred
// bytes are copied by vectors; a `copyWithin` of JavaScript or `memory.copy` takes longer to start than such a row takes.

/** Rows from here on go to `memory.copy`. */
const LONG: usize = 2048;

/**
 * to[i, …] = from[i, …] for `rows` rows of `bytes` bytes, a multiple of 4; the places do not overlap.
 *
 * @param fromStep, toStep bytes from one row to the next
 */
export function copyRows(from: usize, to: usize, rows: i32, bytes: usize, fromStep: usize, toStep: usize): void {
  if (fromStep === bytes && toStep === bytes) {
    memory.copy(to, from, <usize>rows * bytes);
    return;
  }
  if (bytes >= LONG) {
    for (let i = 0; i < rows; i++, from += fromStep, to += toStep) memory.copy(to, from, bytes);
    return;
  }
  const whole = bytes & ~15;
  for (let i = 0; i < rows; i++, from += fromStep, to += toStep) {
    let at: usize = 0;
    for (; at < whole; at += 16) v128.store(to + at, v128.load(from + at));
    for (; at < bytes; at += 4) store<u32>(to + at, load<u32>(from + at));
  }
}
