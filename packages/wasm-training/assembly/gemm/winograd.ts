// Winograd's minimal filtering F(4×4, 3×3): a 4 × 4 tile of results of a 3 × 3 convolution is Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A of the
// 6 × 6 tile d of the input, 36 products for 144 (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016).
// Summed over channels, the 36 positions are 36 matrix products. Each function below transforms 4 channels at once, first along
// one side into working memory, then along the other.

/** 36 vectors of working memory. */
export function winogradWork(): i32 {
  return 36 * 16;
}

function scaled(x: v128, by: f32): v128 {
  return f32x4.mul(x, f32x4.splat(by));
}

/** Bᵀ along six vectors `from`, `step` bytes apart, to six `to`, `toStep` bytes apart. */
function transformInput(from: usize, step: usize, to: usize, toStep: usize): void {
  const d0 = v128.load(from);
  const d1 = v128.load(from + step);
  const d2 = v128.load(from + 2 * step);
  const d3 = v128.load(from + 3 * step);
  const d4 = v128.load(from + 4 * step);
  const d5 = v128.load(from + 5 * step);
  const even = f32x4.sub(d4, scaled(d2, 4));
  const odd = f32x4.sub(d3, scaled(d1, 4));
  const near = f32x4.sub(d4, d2);
  const far = scaled(f32x4.sub(d3, d1), 2);
  v128.store(to, f32x4.add(f32x4.sub(scaled(d0, 4), scaled(d2, 5)), d4));
  v128.store(to + toStep, f32x4.add(even, odd));
  v128.store(to + 2 * toStep, f32x4.sub(even, odd));
  v128.store(to + 3 * toStep, f32x4.add(near, far));
  v128.store(to + 4 * toStep, f32x4.sub(near, far));
  v128.store(to + 5 * toStep, f32x4.add(f32x4.sub(scaled(d1, 4), scaled(d3, 5)), d5));
}

/**
 * Bᵀ d B of one line of tiles: position p of tile t to out[p][t][channel].
 *
 * @param frame first number of the line's first tile; tiles are 4 pixels apart
 * @param positionBytes from one position to the next in `out`
 * @param work `winogradWork()` bytes
 */
export function winogradInput(
  frame: usize,
  lineBytes: usize,
  channels: i32,
  tiles: i32,
  out: usize,
  positionBytes: usize,
  work: usize,
): void {
  const pixelBytes = (channels as usize) << 2;
  for (let t = 0; t < tiles; t++) {
    for (let c: usize = 0; c < pixelBytes; c += 16) {
      for (let j: usize = 0; j < 6; j++) transformInput(frame + j * pixelBytes + c, lineBytes, work + j * 16, 96);
      for (let i: usize = 0; i < 6; i++) {
        transformInput(work + i * 96, 16, out + 6 * i * positionBytes + c, positionBytes);
      }
    }
    frame += 4 * pixelBytes;
    out += pixelBytes;
  }
}

/** G along three vectors to six. */
function transformFilter(from: usize, step: usize, to: usize, toStep: usize): void {
  const g0 = v128.load(from);
  const g1 = v128.load(from + step);
  const g2 = v128.load(from + 2 * step);
  const outer = scaled(f32x4.add(g0, g2), -1 / 6);
  const middle = scaled(g1, 1 / 6);
  const mixed = f32x4.add(scaled(g0, 1 / 24), scaled(g2, 1 / 6));
  const half = scaled(g1, 1 / 12);
  v128.store(to, scaled(g0, 1 / 4));
  v128.store(to + toStep, f32x4.sub(outer, middle));
  v128.store(to + 2 * toStep, f32x4.add(outer, middle));
  v128.store(to + 3 * toStep, f32x4.add(mixed, half));
  v128.store(to + 4 * toStep, f32x4.sub(mixed, half));
  v128.store(to + 5 * toStep, g2);
}

/**
 * G g Gᵀ for all channels: nine arrays of `count` numbers, `tapBytes` apart, to 36 such arrays, `positionBytes` apart.
 *
 * @param count a multiple of 4
 */
export function winogradFilter(
  taps: usize,
  tapBytes: usize,
  count: i32,
  out: usize,
  positionBytes: usize,
  work: usize,
): void {
  const bytes = (count as usize) << 2;
  for (let c: usize = 0; c < bytes; c += 16) {
    for (let j: usize = 0; j < 3; j++) transformFilter(taps + j * tapBytes + c, 3 * tapBytes, work + j * 16, 96);
    for (let i: usize = 0; i < 6; i++) {
      transformFilter(work + i * 96, 16, out + 6 * i * positionBytes + c, positionBytes);
    }
  }
}

/** Aᵀ along six vectors to four. */
function transformResult(from: usize, step: usize, to: usize): void {
  const m0 = v128.load(from);
  const m1 = v128.load(from + step);
  const m2 = v128.load(from + 2 * step);
  const m3 = v128.load(from + 3 * step);
  const m4 = v128.load(from + 4 * step);
  const m5 = v128.load(from + 5 * step);
  const sum12 = f32x4.add(m1, m2);
  const sum34 = f32x4.add(m3, m4);
  const difference12 = f32x4.sub(m1, m2);
  const difference34 = f32x4.sub(m3, m4);
  v128.store(to, f32x4.add(f32x4.add(m0, sum12), sum34));
  v128.store(to + 96, f32x4.add(difference12, scaled(difference34, 2)));
  v128.store(to + 192, f32x4.add(sum12, scaled(sum34, 4)));
  v128.store(to + 288, f32x4.add(f32x4.add(difference12, scaled(difference34, 8)), m5));
}

/**
 * Aᵀ M A of one line of tiles, M at in[p][t][channel], to the image; results beyond `lines` and `columns` are left out.
 *
 * @param out first pixel of the line's first tile
 */
export function winogradOutput(
  products: usize,
  positionBytes: usize,
  channels: i32,
  tiles: i32,
  out: usize,
  lineBytes: usize,
  lines: i32,
  columns: i32,
  work: usize,
): void {
  const pixelBytes = (channels as usize) << 2;
  for (let t = 0; t < tiles; t++) {
    const wide = min(4, columns - 4 * t);
    for (let c: usize = 0; c < pixelBytes; c += 16) {
      for (let j: usize = 0; j < 6; j++) {
        transformResult(products + j * positionBytes + c, 6 * positionBytes, work + j * 16);
      }
      for (let i = 0; i < lines; i++) {
        const row = work + i * 96;
        const m0 = v128.load(row);
        const m1 = v128.load(row, 16);
        const m2 = v128.load(row, 32);
        const m3 = v128.load(row, 48);
        const m4 = v128.load(row, 64);
        const m5 = v128.load(row, 80);
        const sum12 = f32x4.add(m1, m2);
        const sum34 = f32x4.add(m3, m4);
        const difference12 = f32x4.sub(m1, m2);
        const difference34 = f32x4.sub(m3, m4);
        const to = out + i * lineBytes + c;
        v128.store(to, f32x4.add(f32x4.add(m0, sum12), sum34));
        if (wide > 1) v128.store(to + pixelBytes, f32x4.add(difference12, scaled(difference34, 2)));
        if (wide > 2) v128.store(to + 2 * pixelBytes, f32x4.add(sum12, scaled(sum34, 4)));
        if (wide > 3) {
          v128.store(to + 3 * pixelBytes, f32x4.add(f32x4.add(difference12, scaled(difference34, 8)), m5));
        }
      }
    }
    products += pixelBytes;
    out += 4 * pixelBytes;
  }
}

/** A along four vectors to six. */
function transformGradient(from: usize, step: usize, to: usize, toStep: usize): void {
  const y0 = v128.load(from);
  const y1 = v128.load(from + step);
  const y2 = v128.load(from + 2 * step);
  const y3 = v128.load(from + 3 * step);
  const even = f32x4.add(y0, y2);
  const odd = f32x4.add(y1, y3);
  const wideEven = f32x4.add(y0, scaled(y2, 4));
  const wideOdd = f32x4.add(scaled(y1, 2), scaled(y3, 8));
  v128.store(to, y0);
  v128.store(to + toStep, f32x4.add(even, odd));
  v128.store(to + 2 * toStep, f32x4.sub(even, odd));
  v128.store(to + 3 * toStep, f32x4.add(wideEven, wideOdd));
  v128.store(to + 4 * toStep, f32x4.sub(wideEven, wideOdd));
  v128.store(to + 5 * toStep, y3);
}

/** A y Aᵀ of one line of 4 × 4 tiles: position p of tile t to out[p][t][channel]; as {@link winogradInput}. */
export function winogradGradient(
  frame: usize,
  lineBytes: usize,
  channels: i32,
  tiles: i32,
  out: usize,
  positionBytes: usize,
  work: usize,
): void {
  const pixelBytes = (channels as usize) << 2;
  for (let t = 0; t < tiles; t++) {
    for (let c: usize = 0; c < pixelBytes; c += 16) {
      for (let j: usize = 0; j < 4; j++) transformGradient(frame + j * pixelBytes + c, lineBytes, work + j * 16, 64);
      for (let i: usize = 0; i < 6; i++) {
        transformGradient(work + i * 64, 16, out + 6 * i * positionBytes + c, positionBytes);
      }
    }
    frame += 4 * pixelBytes;
    out += pixelBytes;
  }
}

/** Gᵀ along six vectors to three. */
function transformSums(from: usize, step: usize, to: usize, toStep: usize): void {
  const s1 = v128.load(from + step);
  const s2 = v128.load(from + 2 * step);
  const s3 = v128.load(from + 3 * step);
  const s4 = v128.load(from + 4 * step);
  const near = scaled(f32x4.add(s1, s2), 1 / 6);
  const far = scaled(f32x4.add(s3, s4), 1 / 24);
  const slope = f32x4.add(scaled(f32x4.sub(s2, s1), 1 / 6), scaled(f32x4.sub(s3, s4), 1 / 12));
  v128.store(to, f32x4.add(f32x4.sub(scaled(v128.load(from), 1 / 4), near), far));
  v128.store(to + toStep, slope);
  v128.store(to + 2 * toStep, f32x4.add(f32x4.sub(scaled(far, 4), near), v128.load(from + 5 * step)));
}

/**
 * Gᵀ S G for all pairs of channels: 36 arrays of `count` sums, `positionBytes` apart, to nine such arrays, one behind the other.
 *
 * @param count a multiple of 4
 */
export function winogradSums(sums: usize, positionBytes: usize, count: i32, out: usize, work: usize): void {
  const bytes = (count as usize) << 2;
  for (let c: usize = 0; c < bytes; c += 16) {
    for (let j: usize = 0; j < 6; j++) {
      transformSums(sums + j * positionBytes + c, 6 * positionBytes, work + j * 16, 96);
    }
    for (let i: usize = 0; i < 3; i++) transformSums(work + i * 96, 16, out + 3 * i * bytes + c, bytes);
  }
}
