import { addTo } from './depthwise';

/**
 * Adds patches back to the images that they came from: x[n, ih, iw, c] += patch[(n, oh, ow), (kh, kw, c)], for the lines
 * [firstLine, lastLine) of the results of all images.
 *
 * @param patches first of the patches of line `firstLine`
 * @param x first of [N, H, W, C]
 */
export function addPatches(
  patches: usize,
  x: usize,
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
  const pixelBytes = (channels as usize) << 2;
  const runBytes = tapsWide * pixelBytes;
  for (let line = firstLine; line < lastLine; line++) {
    const image = x + (line / outHeight) * height * width * pixelBytes;
    const top = (line % outHeight) * strideHigh - padTop;
    for (let column = 0; column < outWidth; column++) {
      const left = column * strideWide - padLeft;
      for (let i = 0; i < tapsHigh; i++) {
        const row = top + i * dilationHigh;
        if (row >= 0 && row < height) {
          const start = image + (row * width + left) * pixelBytes;
          if (dilationWide == 1) {
            const begin = max(0, -left);
            const end = min(tapsWide, width - left);
            addTo(start + begin * pixelBytes, patches + begin * pixelBytes, (end - begin) * channels);
          } else {
            for (let j = 0; j < tapsWide; j++) {
              const at = left + j * dilationWide;
              if (at >= 0 && at < width) {
                addTo(start + j * dilationWide * pixelBytes, patches + j * pixelBytes, channels);
              }
            }
          }
        }
        patches += runBytes;
      }
    }
  }
}

/**
 * Copies the patches of `rows` pixels out, one behind the other: `runs` stretches of `run` bytes, `runStep` apart, of each.
 *
 * @param table byte offsets of the pixels
 */
export function copyPatches(table: usize, rows: i32, runs: i32, run: usize, runStep: usize, out: usize): void {
  for (let i = 0; i < rows; i++) {
    let from = load<u32>(table + (i << 2)) as usize;
    for (let r = 0; r < runs; r++) {
      let j: usize = 0;
      for (; j + 16 <= run; j += 16) v128.store(out + j, v128.load(from + j));
      for (; j < run; j += 4) store<f32>(out + j, load<f32>(from + j));
      out += run;
      from += runStep;
    }
  }
}
