import { multiplyAdd } from '../shared/multiply-add';

// The gradient of a depthwise convolution with respect to a filter of one result a channel: the sums of a tap stand in registers
// while they walk along a line, those of up to five taps beside each other at once, so that a result's gradient is loaded once for
// all of them.

/** Adds Σ x·dy along `columns` of a line to one tap, `n` bytes of channels at a time: 16 or 4. */
function addOneTap(tap: usize, x: usize, y: usize, bytes: usize, columns: i32, xStep: usize, pixel: usize): void {
  const end = tap + bytes;
  for (; tap + 16 <= end; tap += 16) {
    let sum = v128.load(tap);
    for (let k = 0; k < columns; k++) {
      sum = multiplyAdd(v128.load(x + k * xStep), v128.load(y + k * pixel), sum);
    }
    v128.store(tap, sum);
    x += 16;
    y += 16;
  }
  for (; tap < end; tap += 4) {
    let sum = load<f32>(tap);
    for (let k = 0; k < columns; k++) sum += load<f32>(x + k * xStep) * load<f32>(y + k * pixel);
    store<f32>(tap, sum);
    x += 4;
    y += 4;
  }
}

/** The same for three taps beside each other, eight channels at a time. @returns how many bytes of channels are done */
function addThreeTaps(tap: usize, x: usize, y: usize, columns: i32, xStep: usize, tapStep: usize, pixel: usize): usize {
  const whole = pixel & ~31;
  const tapStep2 = tapStep << 1;
  const pixel2 = pixel << 1;
  for (let done: usize = 0; done < whole; done += 32) {
    let a0 = v128.load(tap);
    let a1 = v128.load(tap + pixel);
    let a2 = v128.load(tap + pixel2);
    let b0 = v128.load(tap, 16);
    let b1 = v128.load(tap + pixel, 16);
    let b2 = v128.load(tap + pixel2, 16);
    let at = x;
    let dy = y;
    for (let k = 0; k < columns; k++) {
      const ya = v128.load(dy);
      const yb = v128.load(dy, 16);
      a0 = multiplyAdd(v128.load(at), ya, a0);
      b0 = multiplyAdd(v128.load(at, 16), yb, b0);
      a1 = multiplyAdd(v128.load(at + tapStep), ya, a1);
      b1 = multiplyAdd(v128.load(at + tapStep, 16), yb, b1);
      a2 = multiplyAdd(v128.load(at + tapStep2), ya, a2);
      b2 = multiplyAdd(v128.load(at + tapStep2, 16), yb, b2);
      at += xStep;
      dy += pixel;
    }
    v128.store(tap, a0);
    v128.store(tap + pixel, a1);
    v128.store(tap + pixel2, a2);
    v128.store(tap, b0, 16);
    v128.store(tap + pixel, b1, 16);
    v128.store(tap + pixel2, b2, 16);
    tap += 32;
    x += 32;
    y += 32;
  }
  return whole;
}

/** The same for five. */
function addFiveTaps(tap: usize, x: usize, y: usize, columns: i32, xStep: usize, tapStep: usize, pixel: usize): usize {
  const whole = pixel & ~31;
  const tapStep2 = tapStep << 1;
  const tapStep3 = tapStep2 + tapStep;
  const tapStep4 = tapStep << 2;
  const pixel2 = pixel << 1;
  const pixel3 = pixel2 + pixel;
  const pixel4 = pixel << 2;
  for (let done: usize = 0; done < whole; done += 32) {
    let a0 = v128.load(tap);
    let a1 = v128.load(tap + pixel);
    let a2 = v128.load(tap + pixel2);
    let a3 = v128.load(tap + pixel3);
    let a4 = v128.load(tap + pixel4);
    let b0 = v128.load(tap, 16);
    let b1 = v128.load(tap + pixel, 16);
    let b2 = v128.load(tap + pixel2, 16);
    let b3 = v128.load(tap + pixel3, 16);
    let b4 = v128.load(tap + pixel4, 16);
    let at = x;
    let dy = y;
    for (let k = 0; k < columns; k++) {
      const ya = v128.load(dy);
      const yb = v128.load(dy, 16);
      a0 = multiplyAdd(v128.load(at), ya, a0);
      b0 = multiplyAdd(v128.load(at, 16), yb, b0);
      a1 = multiplyAdd(v128.load(at + tapStep), ya, a1);
      b1 = multiplyAdd(v128.load(at + tapStep, 16), yb, b1);
      a2 = multiplyAdd(v128.load(at + tapStep2), ya, a2);
      b2 = multiplyAdd(v128.load(at + tapStep2, 16), yb, b2);
      a3 = multiplyAdd(v128.load(at + tapStep3), ya, a3);
      b3 = multiplyAdd(v128.load(at + tapStep3, 16), yb, b3);
      a4 = multiplyAdd(v128.load(at + tapStep4), ya, a4);
      b4 = multiplyAdd(v128.load(at + tapStep4, 16), yb, b4);
      at += xStep;
      dy += pixel;
    }
    v128.store(tap, a0);
    v128.store(tap + pixel, a1);
    v128.store(tap + pixel2, a2);
    v128.store(tap + pixel3, a3);
    v128.store(tap + pixel4, a4);
    v128.store(tap, b0, 16);
    v128.store(tap + pixel, b1, 16);
    v128.store(tap + pixel2, b2, 16);
    v128.store(tap + pixel3, b3, 16);
    v128.store(tap + pixel4, b4, 16);
    tap += 32;
    x += 32;
    y += 32;
  }
  return whole;
}

/** First column whose tap `j` lies at or right of the line's beginning. */
function firstColumn(left: i32, stride: i32): i32 {
  return left < 0 ? (stride - 1 - left) / stride : 0;
}

/** One after the last column whose tap lies inside of the line; `left` is where the tap of column 0 lies. */
function lastColumn(left: i32, stride: i32, width: i32, outWidth: i32): i32 {
  const inside = width - left;
  return inside <= 0 ? 0 : min(outWidth, (inside + stride - 1) / stride);
}

/**
 * Adds the gradient with respect to the filter over the lines [firstLine, lastLine) of the results to `taps`.
 *
 * @param taps first of [KH, KW, C], set before
 * @param x first of [N, H, W, C]
 * @param y first of [N, OH, OW, C], the results' gradients
 */
export function depthwiseTaps(
  taps: usize,
  x: usize,
  y: usize,
  firstLine: i32,
  lastLine: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  tapsHigh: i32,
  tapsWide: i32,
  strideHigh: i32,
  strideWide: i32,
  dilationHigh: i32,
  dilationWide: i32,
  padTop: i32,
  padLeft: i32,
): void {
  const pixel = (channels as usize) << 2;
  const xStep = strideWide * pixel;
  const tapStep = dilationWide * pixel;
  for (let line = firstLine; line < lastLine; line++) {
    const image = x + (line / outHeight) * height * width * pixel;
    const results = y + line * outWidth * pixel;
    for (let i = 0; i < tapsHigh; i++) {
      const row = (line % outHeight) * strideHigh - padTop + i * dilationHigh;
      if (row < 0 || row >= height) continue;
      const start = image + row * width * pixel;
      const tapRow = taps + i * tapsWide * pixel;
      for (let j = 0; j < tapsWide;) {
        const count = tapsWide - j >= 5 ? 5 : tapsWide - j >= 3 ? 3 : 1;
        const left = j * dilationWide - padLeft;
        // where all of them lie inside of the line
        const from = firstColumn(left, strideWide);
        const to = lastColumn(left + (count - 1) * dilationWide, strideWide, width, outWidth);
        let done: usize = 0;
        if (count > 1 && from < to) {
          const tap = tapRow + j * pixel;
          const at = start + (from * strideWide + left) * pixel;
          const dy = results + from * pixel;
          done =
            count == 5
              ? addFiveTaps(tap, at, dy, to - from, xStep, tapStep, pixel)
              : addThreeTaps(tap, at, dy, to - from, xStep, tapStep, pixel);
        }
        // and the rest of each: columns beside them, and channels
        for (let k = 0; k < count; k++) {
          const own = left + k * dilationWide;
          const ownFrom = firstColumn(own, strideWide);
          const ownTo = lastColumn(own, strideWide, width, outWidth);
          if (ownFrom >= ownTo) continue;
          const tap = tapRow + (j + k) * pixel;
          const at = start + own * pixel;
          if (done > 0) {
            addOneTap(tap, at + ownFrom * xStep, results + ownFrom * pixel, done, from - ownFrom, xStep, pixel);
            addOneTap(tap, at + to * xStep, results + to * pixel, done, ownTo - to, xStep, pixel);
          }
          const rest = pixel - done;
          addOneTap(
            tap + done,
            at + ownFrom * xStep + done,
            results + ownFrom * pixel + done,
            rest,
            ownTo - ownFrom,
            xStep,
            pixel,
          );
        }
        j += count;
      }
    }
  }
}
