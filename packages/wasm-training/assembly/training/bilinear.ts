// Bilinear samples of NHWC images at pixel positions, and an affine or projective warp.
import { addScaled } from './add-scaled';

/** a + (b − a)·f. */
function between(a: f32, b: f32, f: f32): f32 {
  return a + (b - a) * f;
}

function sumOfLanes(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

function betweenLanes(a: v128, b: v128, f: v128): v128 {
  return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), f));
}

function clamp(x: f32, low: f32, high: f32): f32 {
  return max<f32>(low, min<f32>(high, x));
}

/** The lower of the two neighbours along an axis; a coordinate that is not a number counts as 0. */
function lowerOf(given: f32, size: i32, isBorder: i32): f32 {
  const safe: f32 = given !== given ? 0 : given;
  if (!isBorder) return floor<f32>(safe);
  return clamp(floor<f32>(clamp(safe, 0, <f32>(size - 1))), 0, <f32>max(size - 2, 0));
}

function fractionOf(given: f32, lower: f32, size: i32, isBorder: i32): f32 {
  if (given !== given) return given;
  return (isBorder ? clamp(given, 0, <f32>(size - 1)) : given) - lower;
}

/** Whether a neighbour counts: outside of the image it is 0 (or, with the border mode, never happens). */
function isInside(place: f32, size: i32): bool {
  return place >= 0 && place <= <f32>(size - 1);
}

/** Bytes of a neighbour's row or column from the start, on the nearest pixel where it lies outside. */
function offsetOf(place: f32, size: i32, bytes: usize): usize {
  return <usize>(<i32>clamp(place, 0, <f32>(size - 1))) * bytes;
}

/**
 * out[b, n, :] = the four neighbours of points[b, n] weighted.
 *
 * @param points [batch, count, 2], x then y, in pixels, centres at integers
 * @param chosen [batch] bytes, 0: the image counts as zero; or null
 * @param isBorder 1: outside the nearest pixel is read, 0: zero
 */
export function bilinearSample(
  images: usize,
  points: usize,
  chosen: usize,
  out: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  count: i32,
  isBorder: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const line = <usize>width * pixel;
  for (let b = 0; b < batch; b++) {
    const counts = chosen === 0 || load<u8>(chosen + <usize>b) !== 0;
    for (let n = 0; n < count; n++, points += 8, out += pixel) {
      const x = load<f32>(points);
      const y = load<f32>(points + 4);
      const left = lowerOf(x, width, isBorder);
      const top = lowerOf(y, height, isBorder);
      const fx = fractionOf(x, left, width, isBorder);
      const fy = fractionOf(y, top, height, isBorder);
      const inLeft = counts && (isBorder || isInside(left, width));
      const inRight = counts && (isBorder || isInside(left + 1, width));
      const inTop = isBorder || isInside(top, height);
      const inBottom = isBorder || isInside(top + 1, height);
      const upper = images + offsetOf(top, height, line);
      const lower = images + offsetOf(top + 1, height, line);
      const l = offsetOf(left, width, pixel);
      const r = offsetOf(left + 1, width, pixel);
      if (inLeft && inRight && inTop && inBottom) {
        const vx = f32x4.splat(fx);
        const vy = f32x4.splat(fy);
        let c: usize = 0;
        for (; c + 15 < pixel; c += 16) {
          const above = betweenLanes(v128.load(upper + l + c), v128.load(upper + r + c), vx);
          const below = betweenLanes(v128.load(lower + l + c), v128.load(lower + r + c), vx);
          v128.store(out + c, betweenLanes(above, below, vy));
        }
        for (; c < pixel; c += 4) {
          const above = between(load<f32>(upper + l + c), load<f32>(upper + r + c), fx);
          const below = between(load<f32>(lower + l + c), load<f32>(lower + r + c), fx);
          store<f32>(out + c, between(above, below, fy));
        }
      } else {
        for (let c: usize = 0; c < pixel; c += 4) {
          const a: f32 = inTop && inLeft ? load<f32>(upper + l + c) : 0;
          const d: f32 = inTop && inRight ? load<f32>(upper + r + c) : 0;
          const e: f32 = inBottom && inLeft ? load<f32>(lower + l + c) : 0;
          const f: f32 = inBottom && inRight ? load<f32>(lower + r + c) : 0;
          store<f32>(out + c, between(between(a, d, fx), between(e, f, fx), fy));
        }
      }
    }
    images += <usize>height * line;
  }
}

/** dPoints[b, n] = Σ_c dy[b, n, c] · ∂sample/∂(x, y); an axis along which the border moved the point has none. */
export function bilinearPointGradient(
  dy: usize,
  images: usize,
  points: usize,
  chosen: usize,
  out: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  count: i32,
  isBorder: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const line = <usize>width * pixel;
  for (let b = 0; b < batch; b++) {
    const counts = chosen === 0 || load<u8>(chosen + <usize>b) !== 0;
    for (let n = 0; n < count; n++, points += 8, out += 8, dy += pixel) {
      const x = load<f32>(points);
      const y = load<f32>(points + 4);
      const left = lowerOf(x, width, isBorder);
      const top = lowerOf(y, height, isBorder);
      const fx = fractionOf(x, left, width, isBorder);
      const fy = fractionOf(y, top, height, isBorder);
      const inLeft = counts && (isBorder || isInside(left, width));
      const inRight = counts && (isBorder || isInside(left + 1, width));
      const inTop = isBorder || isInside(top, height);
      const inBottom = isBorder || isInside(top + 1, height);
      const upper = images + offsetOf(top, height, line);
      const lower = images + offsetOf(top + 1, height, line);
      const l = offsetOf(left, width, pixel);
      const r = offsetOf(left + 1, width, pixel);
      let alongX: f32 = 0;
      let alongY: f32 = 0;
      let c: usize = 0;
      if (inLeft && inRight && inTop && inBottom) {
        const vx = f32x4.splat(fx);
        const vy = f32x4.splat(fy);
        let sumX = f32x4.splat(0);
        let sumY = f32x4.splat(0);
        for (; c + 15 < pixel; c += 16) {
          const a = v128.load(upper + l + c);
          const d = v128.load(upper + r + c);
          const e = v128.load(lower + l + c);
          const f = v128.load(lower + r + c);
          const g = v128.load(dy + c);
          sumX = f32x4.add(sumX, f32x4.mul(g, betweenLanes(f32x4.sub(d, a), f32x4.sub(f, e), vy)));
          sumY = f32x4.add(sumY, f32x4.mul(g, betweenLanes(f32x4.sub(e, a), f32x4.sub(f, d), vx)));
        }
        alongX = sumOfLanes(sumX);
        alongY = sumOfLanes(sumY);
      }
      for (; c < pixel; c += 4) {
        const a: f32 = inTop && inLeft ? load<f32>(upper + l + c) : 0;
        const d: f32 = inTop && inRight ? load<f32>(upper + r + c) : 0;
        const e: f32 = inBottom && inLeft ? load<f32>(lower + l + c) : 0;
        const f: f32 = inBottom && inRight ? load<f32>(lower + r + c) : 0;
        const g = load<f32>(dy + c);
        alongX += g * between(d - a, f - e, fy);
        alongY += g * between(e - a, f - d, fx);
      }
      const freeX = !isBorder || clamp(x, 0, <f32>(width - 1)) === x;
      const freeY = !isBorder || clamp(y, 0, <f32>(height - 1)) === y;
      store<f32>(out, freeX || alongX !== alongX ? alongX : 0);
      store<f32>(out + 4, freeY || alongY !== alongY ? alongY : 0);
    }
    images += <usize>height * line;
  }
}
/** dImages = Σ dy weighted, at the four neighbours of each point. */
export function bilinearImageGradient(
  dy: usize,
  points: usize,
  chosen: usize,
  out: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  count: i32,
  isBorder: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const line = <usize>width * pixel;
  memory.fill(out, 0, <usize>(batch * height) * line);
  for (let b = 0; b < batch; b++) {
    const counts = chosen === 0 || load<u8>(chosen + <usize>b) !== 0;
    for (let n = 0; n < count; n++, points += 8, dy += pixel) {
      if (!counts) continue;
      const x = load<f32>(points);
      const y = load<f32>(points + 4);
      const left = lowerOf(x, width, isBorder);
      const top = lowerOf(y, height, isBorder);
      const fx = fractionOf(x, left, width, isBorder);
      const fy = fractionOf(y, top, height, isBorder);
      const inLeft = isBorder || isInside(left, width);
      const inRight = isBorder || isInside(left + 1, width);
      const upper = out + offsetOf(top, height, line);
      const lower = out + offsetOf(top + 1, height, line);
      const l = offsetOf(left, width, pixel);
      const r = offsetOf(left + 1, width, pixel);
      if (isBorder || isInside(top, height)) {
        if (inLeft) addScaled(upper + l, dy, (1 - fx) * (1 - fy), pixel);
        if (inRight) addScaled(upper + r, dy, fx * (1 - fy), pixel);
      }
      if (isBorder || isInside(top + 1, height)) {
        if (inLeft) addScaled(lower + l, dy, (1 - fx) * fy, pixel);
        if (inRight) addScaled(lower + r, dy, fx * fy, pixel);
      }
    }
    out += <usize>height * line;
  }
}

/** One number of a neighbour, `fill` outside. */
function tap(image: usize, row: i32, column: i32, height: i32, width: i32, pixel: usize, c: usize, fill: f32): f32 {
  const inside = <u32>row < <u32>height && <u32>column < <u32>width;
  return inside ? load<f32>(image + <usize>(row * width + column) * pixel + c) : fill;
}

/**
 * out[b, i, j] = the image at (a₀·j + a₁·i + a₂, a₃·j + a₄·i + a₅) / (a₆·j + a₇·i + 1), `fill` outside, bilinear.
 *
 * @param transforms [batch or 1, 8]
 * @param step bytes from the transform of one image to that of the next: 32, or 0
 */
export function transformBilinear(
  images: usize,
  transforms: usize,
  step: usize,
  out: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  fill: f32,
): void {
  const pixel = (<usize>channels) << 2;
  const line = <usize>width * pixel;
  for (let b = 0; b < batch; b++, transforms += step, images += <usize>height * line) {
    const a0 = <f64>load<f32>(transforms);
    const a1 = <f64>load<f32>(transforms + 4);
    const a2 = <f64>load<f32>(transforms + 8);
    const a3 = <f64>load<f32>(transforms + 12);
    const a4 = <f64>load<f32>(transforms + 16);
    const a5 = <f64>load<f32>(transforms + 20);
    const a6 = <f64>load<f32>(transforms + 24);
    const a7 = <f64>load<f32>(transforms + 28);
    const isAffine = a6 === 0 && a7 === 0;
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++, out += pixel) {
        let x = a0 * <f64>j + a1 * <f64>i + a2;
        let y = a3 * <f64>j + a4 * <f64>i + a5;
        if (!isAffine) {
          const w = a6 * <f64>j + a7 * <f64>i + 1;
          x /= w;
          y /= w;
        }
        // A projection of 0 and whatever lies far outside.
        if (!(x > -1 && y > -1 && x < <f64>width && y < <f64>height)) {
          for (let c: usize = 0; c < pixel; c += 4) store<f32>(out + c, fill);
          continue;
        }
        const floorX = floor(x);
        const floorY = floor(y);
        const column = <i32>floorX;
        const row = <i32>floorY;
        const fx = <f32>(x - floorX);
        const fy = <f32>(y - floorY);
        if (column >= 0 && row >= 0 && column < width - 1 && row < height - 1) {
          const upper = images + <usize>(row * width + column) * pixel;
          const lower = upper + line;
          const vx = f32x4.splat(fx);
          const vy = f32x4.splat(fy);
          if (pixel === 12) {
            // Both pixels of a row are six floats: two loads, the second shifted into place.
            const l = v128.load(upper);
            const r = v128.load(upper, 8);
            const m = v128.load(lower);
            const s = v128.load(lower, 8);
            const above = betweenLanes(l, v128.shuffle<f32>(r, r, 1, 2, 3, 3), vx);
            const below = betweenLanes(m, v128.shuffle<f32>(s, s, 1, 2, 3, 3), vx);
            const value = betweenLanes(above, below, vy);
            v128.store_lane<f64>(out, value, 0);
            v128.store_lane<f32>(out + 8, value, 2);
            continue;
          }
          let c: usize = 0;
          for (; c + 15 < pixel; c += 16) {
            const above = betweenLanes(v128.load(upper + c), v128.load(upper + pixel + c), vx);
            const below = betweenLanes(v128.load(lower + c), v128.load(lower + pixel + c), vx);
            v128.store(out + c, betweenLanes(above, below, vy));
          }
          for (; c < pixel; c += 4) {
            const above = between(load<f32>(upper + c), load<f32>(upper + pixel + c), fx);
            const below = between(load<f32>(lower + c), load<f32>(lower + pixel + c), fx);
            store<f32>(out + c, between(above, below, fy));
          }
          continue;
        }
        for (let c: usize = 0; c < pixel; c += 4) {
          const above = between(
            tap(images, row, column, height, width, pixel, c, fill),
            tap(images, row, column + 1, height, width, pixel, c, fill),
            fx,
          );
          const below = between(
            tap(images, row + 1, column, height, width, pixel, c, fill),
            tap(images, row + 1, column + 1, height, width, pixel, c, fill),
            fx,
          );
          store<f32>(out + c, between(above, below, fy));
        }
      }
    }
  }
}
