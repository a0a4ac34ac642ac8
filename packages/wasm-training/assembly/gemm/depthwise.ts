import { multiplyAdd } from '../shared/multiply-add';

// Depthwise convolution and its gradients: one walk over (image, line, column, tap), in whose middle the channels of one input
// pixel, one result pixel and one tap meet. NHWC keeps the numbers of each beside each other.

const FORWARD: i32 = 0;
const INPUT: i32 = 1;

/** target[i] += a[i] · b[i] for n numbers. */
function addProducts(target: usize, a: usize, b: usize, n: i32): void {
  const end = target + ((n as usize) << 2);
  for (; target + 16 <= end; target += 16) {
    v128.store(target, multiplyAdd(v128.load(a), v128.load(b), v128.load(target)));
    a += 16;
    b += 16;
  }
  for (; target < end; target += 4) {
    store<f32>(target, load<f32>(target) + load<f32>(a) * load<f32>(b));
    a += 4;
    b += 4;
  }
}

/** The same where each channel of x has `q` results. */
function meetMany(mode: i32, x: usize, y: usize, w: usize, channels: i32, q: i32): void {
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < q; i++) {
      if (mode == FORWARD) store<f32>(y, load<f32>(y) + load<f32>(x) * load<f32>(w));
      else if (mode == INPUT) store<f32>(x, load<f32>(x) + load<f32>(y) * load<f32>(w));
      else store<f32>(w, load<f32>(w) + load<f32>(x) * load<f32>(y));
      y += 4;
      w += 4;
    }
    x += 4;
  }
}

/**
 * Adds up a depthwise convolution (mode 0, into y), its gradient with respect to the input (1, into x) or to the filter (2, into
 * w), over the lines [firstLine, lastLine) of the results; what is added to must have been set before. Where q is 1 only mode 1 is for this walk: see depthwise-results.ts and
 * depthwise-filter.ts for the others.
 *
 * @param x first of [N, H, W, C]
 * @param y first of [N, OH, OW, C · q]
 * @param w first of [KH, KW, C, q]
 */
export function depthwise(
  mode: i32,
  x: usize,
  y: usize,
  w: usize,
  firstLine: i32,
  lastLine: i32,
  height: i32,
  width: i32,
  channels: i32,
  q: i32,
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
  const pixelBytes = (channels as usize) << 2;
  const resultBytes = pixelBytes * q;
  for (let line = firstLine; line < lastLine; line++) {
    const image = x + (line / outHeight) * height * width * pixelBytes;
    const top = (line % outHeight) * strideHigh - padTop;
    let result = y + line * outWidth * resultBytes;
    for (let column = 0; column < outWidth; column++) {
      const left = column * strideWide - padLeft;
      let tap = w;
      for (let i = 0; i < tapsHigh; i++) {
        const row = top + i * dilationHigh;
        if (row < 0 || row >= height) {
          tap += tapsWide * resultBytes;
          continue;
        }
        for (let j = 0; j < tapsWide; j++) {
          const at = left + j * dilationWide;
          if (at >= 0 && at < width) {
            const pixel = image + (row * width + at) * pixelBytes;
            if (q != 1) meetMany(mode, pixel, result, tap, channels, q);
            else addProducts(pixel, result, tap, channels);
          }
          tap += resultBytes;
        }
      }
      result += resultBytes;
    }
  }
}

/** target[i] += source[i] for n numbers. */
export function addTo(target: usize, source: usize, n: i32): void {
  const end = target + ((n as usize) << 2);
  for (; target + 16 <= end; target += 16) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
    source += 16;
  }
  for (; target < end; target += 4) {
    store<f32>(target, load<f32>(target) + load<f32>(source));
    source += 4;
  }
}
