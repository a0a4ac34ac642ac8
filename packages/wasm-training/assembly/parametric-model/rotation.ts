const HALF_PI_HIGH: f64 = 1.57079632673412561417;
const HALF_PI_LOW: f64 = 6.07710050650619224932e-11;
/** Angles below: series instead of quotients. */
const SMALL_SQUARE: f64 = 1e-6;

/** sin of |r| ≤ π/4, to 1e-15. */
function sinePart(r: f64): f64 {
  const s = r * r;
  return r + r * s * (-1 / 6.0 + s * (1 / 120.0 + s * (-1 / 5040.0 + s * (1 / 362880.0 + s * (-1 / 39916800.0 + s * (1 / 6227020800.0)))))); // prettier-ignore
}

/** cos of |r| ≤ π/4, to 1e-15. */
function cosinePart(r: f64): f64 {
  const s = r * r;
  return 1 + s * (-1 / 2.0 + s * (1 / 24.0 + s * (-1 / 720.0 + s * (1 / 40320.0 + s * (-1 / 3628800.0 + s * (1 / 479001600.0)))))); // prettier-ignore
}

/** sin(x + quarter · π/2) for x ≥ 0. */
function sineFrom(x: f64, quarter: i32): f64 {
  const n = nearest(x * 0.63661977236758134308);
  const r = x - n * HALF_PI_HIGH - n * HALF_PI_LOW;
  const q = (<i32>n + quarter) & 3;
  const value = (q & 1) !== 0 ? cosinePart(r) : sinePart(r);
  return (q & 2) !== 0 ? -value : value;
}

export function sine(x: f64): f64 {
  return sineFrom(x, 0);
}

export function cosine(x: f64): f64 {
  return sineFrom(x, 1);
}

/** R = I + (sin θ/θ) K + ((1 − cos θ)/θ²) K², nine 8-byte numbers at `out`, from three at `w`. */
export function rodrigues(w: usize, out: usize): void {
  const x = load<f64>(w);
  const y = load<f64>(w, 8);
  const z = load<f64>(w, 16);
  const square = x * x + y * y + z * z;
  let a: f64;
  let b: f64;
  if (square < SMALL_SQUARE) {
    a = 1 - square * (1 / 6.0 - square * (1 / 120.0));
    b = 0.5 - square * (1 / 24.0 - square * (1 / 720.0));
  } else {
    const angle = sqrt(square);
    const half = sine(0.5 * angle);
    a = sine(angle) / angle;
    b = (2 * half * half) / square;
  }
  const bx = b * x;
  const by = b * y;
  const ax = a * x;
  const ay = a * y;
  const az = a * z;
  const bxy = bx * y;
  const bxz = bx * z;
  const byz = by * z;
  const xx = bx * x;
  const yy = by * y;
  const zz = b * z * z;
  store<f64>(out, 1 - yy - zz);
  store<f64>(out, bxy - az, 8);
  store<f64>(out, bxz + ay, 16);
  store<f64>(out, bxy + az, 24);
  store<f64>(out, 1 - xx - zz, 32);
  store<f64>(out, byz - ax, 40);
  store<f64>(out, bxz - ay, 48);
  store<f64>(out, byz + ax, 56);
  store<f64>(out, 1 - xx - yy, 64);
}

/** Gradient of {@link rodrigues}: from nine numbers at `m` to three at `out`. */
export function rodriguesGradient(w: usize, m: usize, out: usize): void {
  const x = load<f64>(w);
  const y = load<f64>(w, 8);
  const z = load<f64>(w, 16);
  const square = x * x + y * y + z * z;
  let a: f64;
  let b: f64;
  let slopeA: f64; // (da/dθ)/θ
  let slopeB: f64;
  if (square < SMALL_SQUARE) {
    a = 1 - square * (1 / 6.0 - square * (1 / 120.0));
    b = 0.5 - square * (1 / 24.0 - square * (1 / 720.0));
    slopeA = -1 / 3.0 + square * (1 / 30.0);
    slopeB = -1 / 12.0 + square * (1 / 180.0);
  } else {
    const angle = sqrt(square);
    const half = sine(0.5 * angle);
    a = sine(angle) / angle;
    b = (2 * half * half) / square;
    slopeA = (cosine(angle) - a) / square;
    slopeB = (a - 2 * b) / square;
  }
  const m00 = load<f64>(m);
  const m01 = load<f64>(m, 8);
  const m02 = load<f64>(m, 16);
  const m10 = load<f64>(m, 24);
  const m11 = load<f64>(m, 32);
  const m12 = load<f64>(m, 40);
  const m20 = load<f64>(m, 48);
  const m21 = load<f64>(m, 56);
  const m22 = load<f64>(m, 64);
  // Σ M ∘ K = axial · w, and Σ M ∘ K² = w · bent / 2
  const axialX = m21 - m12;
  const axialY = m02 - m20;
  const axialZ = m10 - m01;
  const trace2 = 2 * (m00 + m11 + m22);
  const bentX = (2 * m00 - trace2) * x + (m01 + m10) * y + (m02 + m20) * z;
  const bentY = (m01 + m10) * x + (2 * m11 - trace2) * y + (m12 + m21) * z;
  const bentZ = (m02 + m20) * x + (m12 + m21) * y + (2 * m22 - trace2) * z;
  const radial = slopeA * (axialX * x + axialY * y + axialZ * z) + slopeB * 0.5 * (bentX * x + bentY * y + bentZ * z);
  store<f64>(out, a * axialX + b * bentX + radial * x);
  store<f64>(out, a * axialY + b * bentY + radial * y, 8);
  store<f64>(out, a * axialZ + b * bentZ + radial * z, 16);
}
