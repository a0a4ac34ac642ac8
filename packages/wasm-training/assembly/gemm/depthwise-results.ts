import { multiplyAdd } from '../shared/multiply-add';

// A depthwise convolution where every channel has one result, each result added up in a register over its taps. Columns whose taps
// all lie inside of the line go four at a time, so that a tap is loaded once for the four of them.

/** Adds products to the results of four columns that lie `apart` bytes from each other; those of the source `sourceApart`. */
function addFourColumns(
  target: usize,
  apart: usize,
  source: usize,
  sourceApart: usize,
  tap: usize,
  channels: i32,
  rows: i32,
  columns: i32,
  rowStep: usize,
  columnStep: usize,
  tapRowStep: usize,
  tapStep: usize,
): void {
  const end = target + ((channels as usize) << 2);
  const apart2 = apart << 1;
  const apart3 = apart2 + apart;
  const sourceApart2 = sourceApart << 1;
  const sourceApart3 = sourceApart2 + sourceApart;
  for (; target + 32 <= end; target += 32) {
    let a0 = v128.load(target);
    let a1 = v128.load(target + apart);
    let a2 = v128.load(target + apart2);
    let a3 = v128.load(target + apart3);
    let b0 = v128.load(target, 16);
    let b1 = v128.load(target + apart, 16);
    let b2 = v128.load(target + apart2, 16);
    let b3 = v128.load(target + apart3, 16);
    for (let i = 0; i < rows; i++) {
      let x = source + i * rowStep;
      let w = tap + i * tapRowStep;
      for (let j = 0; j < columns; j++) {
        const wa = v128.load(w);
        const wb = v128.load(w, 16);
        a0 = multiplyAdd(v128.load(x), wa, a0);
        b0 = multiplyAdd(v128.load(x, 16), wb, b0);
        a1 = multiplyAdd(v128.load(x + sourceApart), wa, a1);
        b1 = multiplyAdd(v128.load(x + sourceApart, 16), wb, b1);
        a2 = multiplyAdd(v128.load(x + sourceApart2), wa, a2);
        b2 = multiplyAdd(v128.load(x + sourceApart2, 16), wb, b2);
        a3 = multiplyAdd(v128.load(x + sourceApart3), wa, a3);
        b3 = multiplyAdd(v128.load(x + sourceApart3, 16), wb, b3);
        x += columnStep;
        w += tapStep;
      }
    }
    v128.store(target, a0);
    v128.store(target + apart, a1);
    v128.store(target + apart2, a2);
    v128.store(target + apart3, a3);
    v128.store(target, b0, 16);
    v128.store(target + apart, b1, 16);
    v128.store(target + apart2, b2, 16);
    v128.store(target + apart3, b3, 16);
    source += 32;
    tap += 32;
  }
  const rest = ((end - target) >> 2) as i32;
  if (rest == 0) return;
  for (let k = 0; k < 4; k++) {
    addColumn(target, source, tap, rest, rows, columns, rowStep, columnStep, tapRowStep, tapStep);
    target += apart;
    source += sourceApart;
  }
}

/** The same for one column. */
function addColumn(
  target: usize,
  source: usize,
  tap: usize,
  channels: i32,
  rows: i32,
  columns: i32,
  rowStep: usize,
  columnStep: usize,
  tapRowStep: usize,
  tapStep: usize,
): void {
  const end = target + ((channels as usize) << 2);
  for (; target + 32 <= end; target += 32) {
    let a = v128.load(target);
    let b = v128.load(target, 16);
    for (let i = 0; i < rows; i++) {
      let x = source + i * rowStep;
      let w = tap + i * tapRowStep;
      for (let j = 0; j < columns; j++) {
        a = multiplyAdd(v128.load(x), v128.load(w), a);
        b = multiplyAdd(v128.load(x, 16), v128.load(w, 16), b);
        x += columnStep;
        w += tapStep;
      }
    }
    v128.store(target, a);
    v128.store(target, b, 16);
    source += 32;
    tap += 32;
  }
  for (; target + 16 <= end; target += 16) {
    let a = v128.load(target);
    for (let i = 0; i < rows; i++) {
      let x = source + i * rowStep;
      let w = tap + i * tapRowStep;
      for (let j = 0; j < columns; j++) {
        a = multiplyAdd(v128.load(x), v128.load(w), a);
        x += columnStep;
        w += tapStep;
      }
    }
    v128.store(target, a);
    source += 16;
    tap += 16;
  }
  for (; target < end; target += 4) {
    let a = load<f32>(target);
    for (let i = 0; i < rows; i++) {
      let x = source + i * rowStep;
      let w = tap + i * tapRowStep;
      for (let j = 0; j < columns; j++) {
        a += load<f32>(x) * load<f32>(w);
        x += columnStep;
        w += tapStep;
      }
    }
    store<f32>(target, a);
    source += 4;
    tap += 4;
  }
}

/**
 * Adds a depthwise convolution with one result a channel to `target`. With `flipped` the last tap meets the first line and column:
 * that is the gradient with respect to the input where the stride is 1, the results' gradients being the source, and the padding
 * dilation·(taps − 1) − padding.
 *
 * @param target first of [N, OH, OW, C], set before
 * @param source first of [N, H, W, C]
 * @param filter first of [KH, KW, C]
 * @param lines N · OH
 */
export function depthwiseResults(
  target: usize,
  source: usize,
  filter: usize,
  flipped: i32,
  lines: i32,
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
  const rowStep = dilationHigh * width * pixel;
  const columnStep = dilationWide * pixel;
  const between = strideWide * pixel;
  const tapStep = flipped ? 0 - pixel : pixel;
  const tapRowStep = tapsWide * tapStep;
  const first = flipped ? filter + (tapsHigh * tapsWide - 1) * pixel : filter;
  const span = (tapsWide - 1) * dilationWide;
  for (let line = 0; line < lines; line++) {
    const top = (line % outHeight) * strideHigh - padTop;
    const image = source + (line / outHeight) * height * width * pixel;
    // taps above and below of the input's lines meet nothing
    let i = top < 0 ? (dilationHigh - 1 - top) / dilationHigh : 0;
    const below = height - top;
    const iEnd = below <= 0 ? 0 : min(tapsHigh, (below + dilationHigh - 1) / dilationHigh);
    if (i >= iEnd) continue;
    const rows = iEnd - i;
    const row = image + (top + i * dilationHigh) * width * pixel;
    const tap = first + i * tapRowStep;
    let target0 = target + line * outWidth * pixel;
    for (let column = 0; column < outWidth;) {
      const left = column * strideWide - padLeft;
      if (left >= 0 && column + 4 <= outWidth && left + 3 * strideWide + span < width) {
        addFourColumns(
          target0,
          pixel,
          row + left * pixel,
          between,
          tap,
          channels,
          rows,
          tapsWide,
          rowStep,
          columnStep,
          tapRowStep,
          tapStep,
        );
        column += 4;
        target0 += pixel << 2;
        continue;
      }
      const j = left < 0 ? (dilationWide - 1 - left) / dilationWide : 0;
      const beside = width - left;
      const jEnd = beside <= 0 ? 0 : min(tapsWide, (beside + dilationWide - 1) / dilationWide);
      if (j < jEnd) {
        addColumn(
          target0,
          row + (left + j * dilationWide) * pixel,
          tap + j * tapStep,
          channels,
          rows,
          jEnd - j,
          rowStep,
          columnStep,
          tapRowStep,
          tapStep,
        );
      }
      column++;
      target0 += pixel;
    }
  }
}
