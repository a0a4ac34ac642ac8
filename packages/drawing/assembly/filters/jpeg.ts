// Notes. Lanes are columns: the transform of eight rows goes down all columns at once, and a transpose stands between the two
// directions. A block is transformed where it lies in `block`, 64 numbers that stay in the cache.
import { loadPixel, storePixel } from './pixels';

const C1: f32 = 0.4903926402016152;
const C2: f32 = 0.46193976625564337;
const C3: f32 = 0.4157348061512726;
const C4: f32 = 0.35355339059327373;
const C5: f32 = 0.2777851165098011;
const C6: f32 = 0.19134171618254492;
const C7: f32 = 0.09754516100806417;

function times(c: f32, a: v128): v128 {
  return f32x4.mul(f32x4.splat(c), a);
}

/** p·a + q·b */
function two(p: f32, a: v128, q: f32, b: v128): v128 {
  return f32x4.add(times(p, a), times(q, b));
}

/** p·a + q·b + r·c + s·d, from left to right */
function four(p: f32, a: v128, q: f32, b: v128, r: f32, c: v128, s: f32, d: v128): v128 {
  return f32x4.add(f32x4.add(two(p, a, q, b), times(r, c)), times(s, d));
}

/** Cosine coefficients of four columns of a block, in place: even ones from sums, odd ones from differences. */
function forward(at: usize): void {
  const x0 = v128.load(at);
  const x1 = v128.load(at, 32);
  const x2 = v128.load(at, 64);
  const x3 = v128.load(at, 96);
  const x4 = v128.load(at, 128);
  const x5 = v128.load(at, 160);
  const x6 = v128.load(at, 192);
  const x7 = v128.load(at, 224);
  const s0 = f32x4.add(x0, x7);
  const s1 = f32x4.add(x1, x6);
  const s2 = f32x4.add(x2, x5);
  const s3 = f32x4.add(x3, x4);
  const d0 = f32x4.sub(x0, x7);
  const d1 = f32x4.sub(x1, x6);
  const d2 = f32x4.sub(x2, x5);
  const d3 = f32x4.sub(x3, x4);
  const outer = f32x4.add(s0, s3);
  const inner = f32x4.add(s1, s2);
  v128.store(at, times(C4, f32x4.add(outer, inner)));
  v128.store(at, times(C4, f32x4.sub(outer, inner)), 128);
  const p = f32x4.sub(s0, s3);
  const q = f32x4.sub(s1, s2);
  v128.store(at, two(C2, p, C6, q), 64);
  v128.store(at, two(C6, p, -C2, q), 192);
  v128.store(at, four(C1, d0, C3, d1, C5, d2, C7, d3), 32);
  v128.store(at, four(C3, d0, -C7, d1, -C1, d2, -C5, d3), 96);
  v128.store(at, four(C5, d0, -C1, d1, C7, d2, C3, d3), 160);
  v128.store(at, four(C7, d0, -C5, d1, C3, d2, -C1, d3), 224);
}

/** The inverse of {@link forward}. */
function backward(at: usize): void {
  const k0 = v128.load(at);
  const k1 = v128.load(at, 32);
  const k2 = v128.load(at, 64);
  const k3 = v128.load(at, 96);
  const k4 = v128.load(at, 128);
  const k5 = v128.load(at, 160);
  const k6 = v128.load(at, 192);
  const k7 = v128.load(at, 224);
  const a = times(C4, f32x4.add(k0, k4));
  const b = times(C4, f32x4.sub(k0, k4));
  const c = two(C2, k2, C6, k6);
  const d = two(C6, k2, -C2, k6);
  const e0 = four(C1, k1, C3, k3, C5, k5, C7, k7);
  const e1 = four(C3, k1, -C7, k3, -C1, k5, -C5, k7);
  const e2 = four(C5, k1, -C1, k3, C7, k5, C3, k7);
  const e3 = four(C7, k1, -C5, k3, C3, k5, -C1, k7);
  const ac = f32x4.add(a, c);
  const bd = f32x4.add(b, d);
  const ca = f32x4.sub(a, c);
  const db = f32x4.sub(b, d);
  v128.store(at, f32x4.add(ac, e0));
  v128.store(at, f32x4.sub(ac, e0), 224);
  v128.store(at, f32x4.add(bd, e1), 32);
  v128.store(at, f32x4.sub(bd, e1), 192);
  v128.store(at, f32x4.add(db, e2), 64);
  v128.store(at, f32x4.sub(db, e2), 160);
  v128.store(at, f32x4.add(ca, e3), 96);
  v128.store(at, f32x4.sub(ca, e3), 128);
}

/** Rows and columns of a block of 4 × 4 at one place exchanged with those of another (or itself). */
function exchange(one: usize, other: usize): void {
  const a0 = v128.load(one);
  const a1 = v128.load(one, 32);
  const a2 = v128.load(one, 64);
  const a3 = v128.load(one, 96);
  const b0 = v128.load(other);
  const b1 = v128.load(other, 32);
  const b2 = v128.load(other, 64);
  const b3 = v128.load(other, 96);
  transposed(other, a0, a1, a2, a3);
  transposed(one, b0, b1, b2, b3);
}

function transposed(at: usize, r0: v128, r1: v128, r2: v128, r3: v128): void {
  const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
  const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  v128.store(at, i64x2.shuffle(low01, low23, 0, 2));
  v128.store(at, i64x2.shuffle(low01, low23, 1, 3), 32);
  v128.store(at, i64x2.shuffle(high01, high23, 0, 2), 64);
  v128.store(at, i64x2.shuffle(high01, high23, 1, 3), 96);
}

function transpose(block: usize): void {
  exchange(block, block);
  exchange(block + 16, block + 128);
  exchange(block + 144, block + 144);
}

/** Rounds the cosine coefficients of every 8 × 8 block to multiples of `table` [8, 8], which is transposed. See jpeg-planes.ts. */
export function roundBlocks(plane: usize, width: i32, height: i32, table: usize, block: usize): void {
  const pitch = 4 * width;
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      const from = plane + pitch * top + 4 * left;
      for (let y = 0; y < 8; y++) {
        v128.store(block + 32 * y, v128.load(from + pitch * y));
        v128.store(block + 32 * y, v128.load(from + pitch * y, 16), 16);
      }
      forward(block);
      forward(block + 16);
      transpose(block);
      forward(block);
      forward(block + 16);
      for (let i = 0; i < 256; i += 16) {
        const step = v128.load(table + i);
        v128.store(block + i, f32x4.mul(f32x4.nearest(f32x4.div(v128.load(block + i), step)), step));
      }
      backward(block);
      backward(block + 16);
      transpose(block);
      backward(block);
      backward(block + 16);
      for (let y = 0; y < 8; y++) {
        v128.store(from + pitch * y, v128.load(block + 32 * y));
        v128.store(from + pitch * y, v128.load(block + 32 * y, 16), 16);
      }
    }
  }
}

/** Luma of every pixel, chroma of every four; the planes reach beyond the picture, whose border is repeated. */
export function splitColors(
  bytes: usize,
  width: i32,
  height: i32,
  luma: usize,
  blues: usize,
  reds: usize,
  planeWidth: i32,
  planeHeight: i32,
): void {
  const halfWidth = planeWidth >> 1;
  const yWeights = f32x4(0.299, 0.587, 0.114, 0);
  const bWeights = f32x4(-0.168736, -0.331264, 0.5, 0);
  const rWeights = f32x4(0.5, -0.418688, -0.081312, 0);
  for (let y = 0; y < planeHeight; y += 2) {
    const upper = bytes + 3 * width * min(height - 1, y);
    const lower = bytes + 3 * width * min(height - 1, y + 1);
    for (let x = 0; x < planeWidth; x += 2) {
      const left = 3 * min(width - 1, x);
      const right = 3 * min(width - 1, x + 1);
      const a = loadPixel(upper + left);
      const b = loadPixel(upper + right);
      const c = loadPixel(lower + left);
      const d = loadPixel(lower + right);
      const at = luma + 4 * (y * planeWidth + x);
      store<f32>(at, weigh(a, yWeights) - 128);
      store<f32>(at, weigh(b, yWeights) - 128, 4);
      store<f32>(at + 4 * planeWidth, weigh(c, yWeights) - 128);
      store<f32>(at + 4 * planeWidth, weigh(d, yWeights) - 128, 4);
      const mean = f32x4.mul(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.splat(0.25));
      const chroma = 4 * ((y >> 1) * halfWidth + (x >> 1));
      store<f32>(blues + chroma, weigh(mean, bWeights));
      store<f32>(reds + chroma, weigh(mean, rWeights));
    }
  }
}

function weigh(pixel: v128, weights: v128): f32 {
  const product = f32x4.mul(pixel, weights);
  return f32x4.extract_lane(product, 0) + f32x4.extract_lane(product, 1) + f32x4.extract_lane(product, 2);
}

export function joinColors(
  luma: usize,
  blues: usize,
  reds: usize,
  planeWidth: i32,
  bytes: usize,
  width: i32,
  height: i32,
): void {
  const halfWidth = planeWidth >> 1;
  const ofBlue = f32x4(0, -0.344136, 1.772, 0);
  const ofRed = f32x4(1.402, -0.714136, 0, 0);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const light = load<f32>(luma + 4 * (y * planeWidth + x)) + <f32>128.5;
      const chroma = 4 * ((y >> 1) * halfWidth + (x >> 1));
      const color = f32x4.add(
        f32x4.mul(v128.load_splat<f32>(blues + chroma), ofBlue),
        f32x4.mul(v128.load_splat<f32>(reds + chroma), ofRed),
      );
      storePixel(bytes + 3 * (y * width + x), f32x4.add(f32x4.splat(light), color));
    }
  }
}
