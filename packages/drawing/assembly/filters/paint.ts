import { loadPixel, storePixel } from './pixels';

const TILE_SIDE: i32 = 256;
const WRAP: i32 = 255;

/** See fill-convex.ts of the twins. */
export function fillConvex(
  bytes: usize,
  width: i32,
  height: i32,
  outline: usize,
  corners: i32,
  tile: usize,
  surface: usize,
): void {
  let topY: f64 = Infinity;
  let bottomY: f64 = -Infinity;
  for (let k = 0; k < corners; k++) {
    const y = load<f64>(outline + 16 * k, 8);
    topY = min(topY, y);
    bottomY = max(bottomY, y);
  }
  const last = i32(min<f64>(f64(height - 1), floor(bottomY)));
  for (let row = i32(max<f64>(0, ceil(topY))); row <= last; row++) {
    const line = f64(row);
    let left: f64 = Infinity;
    let right: f64 = -Infinity;
    for (let k = 0; k < corners; k++) {
      const a = outline + 16 * k;
      const b = outline + 16 * (k + 1 == corners ? 0 : k + 1);
      const ay = load<f64>(a, 8);
      const by = load<f64>(b, 8);
      if ((ay < line && by < line) || (ay > line && by > line) || ay == by) continue;
      const ax = load<f64>(a);
      const x = ax + ((line - ay) / (by - ay)) * (load<f64>(b) - ax);
      left = min(left, x);
      right = max(right, x);
    }
    const from = i32(max<f64>(0, min<f64>(f64(width), ceil(left))));
    const to = i32(max<f64>(-1, min<f64>(f64(width - 1), floor(right))));
    if (from <= to) fillRow(bytes, width, height, row, from, to, tile, surface);
  }
}

function fillRow(
  bytes: usize,
  width: i32,
  height: i32,
  row: i32,
  from: i32,
  to: i32,
  tile: usize,
  surface: usize,
): void {
  const color = v128.load(surface);
  const slopeX = load<f32>(surface, 16);
  const slopeY = load<f32>(surface, 20);
  const grain = load<f32>(surface, 24);
  const opacity = load<f32>(surface, 28);
  const stretchX = load<f32>(surface, 32);
  const stretchY = load<f32>(surface, 36);
  const offsetX = load<f32>(surface, 40);
  const offsetY = load<f32>(surface, 44);
  const line = tile + 4 * (i32(f32(row) * stretchY + offsetY) & WRAP) * TILE_SIDE;
  const base = slopeY * (f32(row) - f32(height) * <f32>0.5) - slopeX * f32(width) * <f32>0.5;
  const start = bytes + 3 * row * width;
  let column = from;
  for (; column + 3 <= to; column += 4) {
    const columns = f32x4.add(f32x4.splat(f32(column)), f32x4(0, 1, 2, 3));
    const places = f32x4.add(f32x4.mul(columns, f32x4.splat(stretchX)), f32x4.splat(offsetX));
    const texels = v128.and(i32x4.trunc_sat_f32x4_s(places), i32x4.splat(WRAP));
    let grains = v128.load32_zero(line + 4 * i32x4.extract_lane(texels, 0));
    grains = v128.load32_lane(line + 4 * i32x4.extract_lane(texels, 1), grains, 1);
    grains = v128.load32_lane(line + 4 * i32x4.extract_lane(texels, 2), grains, 2);
    grains = v128.load32_lane(line + 4 * i32x4.extract_lane(texels, 3), grains, 3);
    const slope = f32x4.add(f32x4.splat(base), f32x4.mul(f32x4.splat(slopeX), columns));
    const change = f32x4.add(slope, f32x4.mul(f32x4.splat(grain), grains));
    const at = start + 3 * column;
    let red = f32x4.add(v128.load_splat<f32>(surface), change);
    let green = f32x4.add(v128.load_splat<f32>(surface, 4), change);
    let blue = f32x4.add(v128.load_splat<f32>(surface, 8), change);
    if (opacity != 1) {
      const old = v128.load32_lane(at + 8, v128.load64_zero(at), 2);
      red = mixed(red, i8x16.shuffle(old, i32x4.splat(0), 0, 16, 16, 16, 3, 16, 16, 16, 6, 16, 16, 16, 9, 16, 16, 16), opacity); // prettier-ignore
      green = mixed(green, i8x16.shuffle(old, i32x4.splat(0), 1, 16, 16, 16, 4, 16, 16, 16, 7, 16, 16, 16, 10, 16, 16, 16), opacity); // prettier-ignore
      blue = mixed(blue, i8x16.shuffle(old, i32x4.splat(0), 2, 16, 16, 16, 5, 16, 16, 16, 8, 16, 16, 16, 11, 16, 16, 16), opacity); // prettier-ignore
    }
    const words = i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(red), i32x4.trunc_sat_f32x4_s(green));
    const more = i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(blue), i32x4.splat(0));
    const planes = i8x16.narrow_i16x8_u(words, more);
    const pixels = i8x16.shuffle(planes, planes, 0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, 0, 0, 0, 0);
    v128.store64_lane(at, pixels, 0);
    v128.store32_lane(at, pixels, 2, 8);
  }
  for (; column <= to; column++) {
    const texel = load<f32>(line + 4 * (i32(f32(column) * stretchX + offsetX) & WRAP));
    const change = base + slopeX * f32(column) + grain * texel;
    let value = f32x4.add(color, f32x4.splat(change));
    const at = start + 3 * column;
    if (opacity != 1) {
      const old = loadPixel(at);
      value = f32x4.add(old, f32x4.mul(f32x4.splat(opacity), f32x4.sub(value, old)));
    }
    storePixel(at, value);
  }
}

function mixed(value: v128, old: v128, opacity: f32): v128 {
  const before = f32x4.convert_i32x4_u(old);
  return f32x4.add(before, f32x4.mul(f32x4.splat(opacity), f32x4.sub(value, before)));
}

/** See gradient.ts of the twins; `numbers`: two colours, slopes, strength, 1 / side. */
export function gradient(pixels: usize, width: i32, height: i32, numbers: usize): void {
  const from = v128.load(numbers);
  const way = f32x4.sub(v128.load(numbers, 16), from);
  const dx = load<f32>(numbers, 32);
  const dy = load<f32>(numbers, 36);
  const strength = load<f32>(numbers, 40);
  const unit = load<f32>(numbers, 44);
  for (let row = 0; row < height; row++) {
    const down = dy * (f32(row) * unit - <f32>0.5) + <f32>0.5;
    for (let column = 0; column < width; column++) {
      const along = down + dx * (f32(column) * unit - <f32>0.5);
      const share: f32 = strength * (along <= 0 ? 0 : along >= 1 ? 1 : along);
      v128.store(pixels + 16 * (row * width + column), f32x4.add(from, f32x4.mul(f32x4.splat(share), way)));
    }
  }
}

/** See spot.ts of the twins; `numbers`: colour, centre, direction, 1 / half sides, sharpness, opacity, 1 / side. */
export function spot(
  pixels: usize,
  width: i32,
  left: i32,
  top: i32,
  right: i32,
  bottom: i32,
  isBox: i32,
  numbers: usize,
): void {
  const color = v128.load(numbers);
  const cx = load<f32>(numbers, 16);
  const cy = load<f32>(numbers, 20);
  const dx = load<f32>(numbers, 24);
  const dy = load<f32>(numbers, 28);
  const inverseWidth = load<f32>(numbers, 32);
  const inverseHeight = load<f32>(numbers, 36);
  const sharpness = load<f32>(numbers, 40);
  const opacity = load<f32>(numbers, 44);
  const unit = load<f32>(numbers, 48);
  for (let row = top; row <= bottom; row++) {
    const y = f32(row) * unit - cy;
    for (let column = left; column <= right; column++) {
      const x = f32(column) * unit - cx;
      const u = abs<f32>(dx * x + dy * y) * inverseWidth;
      const v = abs<f32>(dx * y - dy * x) * inverseHeight;
      const distance = isBox != 0 ? max<f32>(u, v) : sqrt<f32>(u * u + v * v);
      const inside = (<f32>1 - distance) * sharpness;
      if (inside <= 0) continue;
      const share: f32 = opacity * (inside >= 1 ? 1 : inside);
      const at = pixels + 16 * (row * width + column);
      const old = v128.load(at);
      v128.store(at, f32x4.add(old, f32x4.mul(f32x4.splat(share), f32x4.sub(color, old))));
    }
  }
}

/** See double-size.ts of the twins; `mixed` [3 · width + 8] holds a row of words. */
export function double(bytes: usize, width: i32, height: i32, out: usize, mixed: usize): void {
  const line = 3 * width;
  const three = i16x8.splat(3);
  const eight = i16x8.splat(8);
  for (let row = 0; row < 2 * height; row++) {
    const near = bytes + (row >> 1) * line;
    const far = bytes + min(height - 1, max(0, (row >> 1) + ((row & 1) == 0 ? -1 : 1))) * line;
    for (let i = 0; i < line; i += 8) {
      const own = i16x8.extend_low_i8x16_u(v128.load64_zero(near + i));
      v128.store(mixed + 2 * i, i16x8.add(i16x8.mul(three, own), i16x8.extend_low_i8x16_u(v128.load64_zero(far + i))));
    }
    let to = out + row * 2 * line;
    for (let x = 0; x < width; x++, to += 6) {
      const own = i16x8.add(i16x8.mul(three, v128.load64_zero(mixed + 6 * x)), eight);
      const before = v128.load64_zero(mixed + 6 * max(0, x - 1));
      const after = v128.load64_zero(mixed + 6 * min(width - 1, x + 1));
      const left = i16x8.shr_u(i16x8.add(own, before), 4);
      const right = i16x8.shr_u(i16x8.add(own, after), 4);
      const both = i8x16.narrow_i16x8_u(i16x8.shuffle(left, right, 0, 1, 2, 8, 9, 10, 0, 0), left);
      v128.store32_lane(to, both, 0);
      v128.store16_lane(to, both, 2, 4);
    }
  }
}
