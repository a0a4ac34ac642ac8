import type { Extent } from '../filter-kernels.js';

const { fround } = Math;

const SIDE = 8;
/** cos(kπ/16)/2: the entries of the orthonormal cosine matrix, whose first row is C4 = 1/√8; the digits of the native kernel. */
const [C1, C2, C3, C4, C5, C6, C7] = [
  0.4903926402016152, 0.46193976625564337, 0.4157348061512726, 0.35355339059327373, 0.2777851165098011,
  0.19134171618254492, 0.09754516100806417,
].map(fround) as [number, number, number, number, number, number, number];

const two = (p: number, a: number, q: number, b: number): number => fround(fround(p * a) + fround(q * b));

/** p·a + q·b + r·c + s·d, from left to right */
function four(p: number, a: number, q: number, b: number, r: number, c: number, s: number, d: number): number {
  return fround(fround(two(p, a, q, b) + fround(r * c)) + fround(s * d));
}

/** Cosine coefficients of one column, in place: even ones from sums, odd ones from differences. */
function forward(block: Float32Array, at: number): void {
  const x = (k: number): number => block[at + SIDE * k]!;
  const [s0, s1, s2, s3] = [fround(x(0) + x(7)), fround(x(1) + x(6)), fround(x(2) + x(5)), fround(x(3) + x(4))];
  const [d0, d1, d2, d3] = [fround(x(0) - x(7)), fround(x(1) - x(6)), fround(x(2) - x(5)), fround(x(3) - x(4))];
  const [outer, inner] = [fround(s0 + s3), fround(s1 + s2)];
  const [p, q] = [fround(s0 - s3), fround(s1 - s2)];
  const out = [
    fround(C4 * fround(outer + inner)),
    four(C1, d0, C3, d1, C5, d2, C7, d3),
    two(C2, p, C6, q),
    four(C3, d0, -C7, d1, -C1, d2, -C5, d3),
    fround(C4 * fround(outer - inner)),
    four(C5, d0, -C1, d1, C7, d2, C3, d3),
    two(C6, p, -C2, q),
    four(C7, d0, -C5, d1, C3, d2, -C1, d3),
  ];
  for (let k = 0; k < SIDE; k++) block[at + SIDE * k] = out[k]!;
}

/** The inverse of {@link forward}. */
function backward(block: Float32Array, at: number): void {
  const x = (k: number): number => block[at + SIDE * k]!;
  const [a, b] = [fround(C4 * fround(x(0) + x(4))), fround(C4 * fround(x(0) - x(4)))];
  const [c, d] = [two(C2, x(2), C6, x(6)), two(C6, x(2), -C2, x(6))];
  const odd = [x(1), x(3), x(5), x(7)] as const;
  const e0 = four(C1, odd[0], C3, odd[1], C5, odd[2], C7, odd[3]);
  const e1 = four(C3, odd[0], -C7, odd[1], -C1, odd[2], -C5, odd[3]);
  const e2 = four(C5, odd[0], -C1, odd[1], C7, odd[2], C3, odd[3]);
  const e3 = four(C7, odd[0], -C5, odd[1], C3, odd[2], -C1, odd[3]);
  const [ac, bd, db, ca] = [fround(a + c), fround(b + d), fround(b - d), fround(a - c)];
  const out = [ac + e0, bd + e1, db + e2, ca + e3, ca - e3, db - e2, bd - e1, ac - e0];
  for (let k = 0; k < SIDE; k++) block[at + SIDE * k] = out[k]!;
}

function transpose(block: Float32Array): void {
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < y; x++) {
      const value = block[y * SIDE + x]!;
      block[y * SIDE + x] = block[x * SIDE + y]!;
      block[x * SIDE + y] = value;
    }
  }
}

/** Rounds to the nearest whole number, of two equally near to the even one; |value| below 2²². */
const nearest = (value: number): number => {
  const shifted = fround(value + 12582912);
  return fround(shifted - 12582912);
};

export function roundBlocks(
  plane: Float32Array,
  { width, height }: Extent,
  table: Float32Array,
  block: Float32Array,
): void {
  const columns = (transform: (block: Float32Array, at: number) => void): void => {
    for (let x = 0; x < SIDE; x++) transform(block, x);
  };
  for (let top = 0; top < height; top += SIDE) {
    for (let left = 0; left < width; left += SIDE) {
      const from = top * width + left;
      for (let i = 0; i < 64; i++) block[i] = plane[from + (i >> 3) * width + (i & 7)]!;
      columns(forward);
      transpose(block);
      columns(forward);
      for (let i = 0; i < 64; i++) block[i] = fround(nearest(fround(block[i]! / table[i]!)) * table[i]!);
      columns(backward);
      transpose(block);
      columns(backward);
      for (let i = 0; i < 64; i++) plane[from + (i >> 3) * width + (i & 7)] = block[i]!;
    }
  }
}
