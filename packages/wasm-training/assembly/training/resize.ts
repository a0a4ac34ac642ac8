// The gradient of bilinear resizing of NHWC. Source position of an output pixel: scale·i, or scale·(i + ½) − ½ with half-pixel centres;
// what lies before the first or after the last pixel reads that pixel. The forward pass of the backend is twice as fast as such a loop.
import { addScaled } from './add-scaled';

function sourceOf(i: i32, scale: f64, half: i32): f64 {
  return half ? scale * (<f64>i + 0.5) - 0.5 : scale * <f64>i;
}
/**
 * dx = the transpose of the forward pass.
 *
 * @param scaleRow, scaleColumn input pixels per output pixel
 * @param half 1: half-pixel centres
 */
export function resizeBilinearGradient(
  dy: usize,
  dx: usize,
  batch: i32,
  inHeight: i32,
  inWidth: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  scaleRow: f64,
  scaleColumn: f64,
  half: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const line = <usize>inWidth * pixel;
  memory.fill(dx, 0, <usize>(batch * inHeight) * line);
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < outHeight; i++) {
      const row = sourceOf(i, scaleRow, half);
      const above = max(0, <i32>floor(row));
      const below = min(inHeight - 1, <i32>ceil(row));
      const fy = <f32>(row - <f64>above);
      const upper = dx + <usize>min(above, inHeight - 1) * line;
      const lower = dx + <usize>max(below, 0) * line;
      for (let j = 0; j < outWidth; j++, dy += pixel) {
        const column = sourceOf(j, scaleColumn, half);
        const before = max(0, <i32>floor(column));
        const after = max(0, min(inWidth - 1, <i32>ceil(column)));
        const fx = <f32>(column - <f64>before);
        const left = <usize>min(before, inWidth - 1) * pixel;
        const right = <usize>after * pixel;
        addScaled(upper + left, dy, (1 - fx) * (1 - fy), pixel);
        addScaled(upper + right, dy, fx * (1 - fy), pixel);
        addScaled(lower + left, dy, (1 - fx) * fy, pixel);
        addScaled(lower + right, dy, fx * fy, pixel);
      }
    }
    dx += <usize>inHeight * line;
  }
}
