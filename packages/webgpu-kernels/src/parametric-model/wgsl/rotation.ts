/**
 * Rodrigues' formula and its gradient.
 *
 * WGSL lets `sin` and `cos` be wrong by 2⁻¹¹; these are polynomials on |r| ≤ π/4 after a reduction in two steps, right to 1e-7
 * for any angle that a pose has. Below SMALL the quotients are series.
 */
export const rotationCode = `
const SMALL_SQUARE = 1e-3;

/** sin(x + quarter · π/2) for 0 ≤ x < 1000. */
fn sine_from(x: f32, quarter: i32) -> f32 {
  let n = round(x * 0.636619772);
  let r = (x - n * 1.5703125) - n * 4.83826795e-4;
  let s = r * r;
  let q = (i32(n) + quarter) & 3;
  let sine = r + r * s * (-0.166666667 + s * (8.33333333e-3 + s * (-1.98412698e-4 + s * 2.75573192e-6)));
  let cosine = 1.0 + s * (-0.5 + s * (4.16666667e-2 + s * (-1.38888889e-3 + s * 2.48015873e-5)));
  let value = select(sine, cosine, (q & 1) != 0);
  return select(value, -value, (q & 2) != 0);
}

/** sin θ/θ, (1 − cos θ)/θ², and the derivatives of both by θ over θ. */
fn rotation_terms(square: f32) -> vec4f {
  if (square < SMALL_SQUARE) {
    return vec4f(
      1.0 - square * (0.166666667 - square * 8.33333333e-3),
      0.5 - square * (4.16666667e-2 - square * 1.38888889e-3),
      -0.333333333 + square * (3.33333333e-2 - square * 1.19047619e-3),
      -8.33333333e-2 + square * (5.55555556e-3 - square * 1.48809524e-4));
  }
  let angle = sqrt(square);
  let half = sine_from(0.5 * angle, 0);
  let a = sine_from(angle, 0) / angle;
  let b = 2.0 * half * half / square;
  return vec4f(a, b, (sine_from(angle, 1) - a) / square, (a - 2.0 * b) / square);
}

/** R − I = (sin θ/θ) K + ((1 − cos θ)/θ²) K², by rows. */
fn rotation_less_identity(w: vec3f) -> array<f32, 9> {
  let terms = rotation_terms(dot(w, w));
  let v = terms.x * w;
  let b = terms.y * w;
  return array<f32, 9>(
    -b.y * w.y - b.z * w.z, b.x * w.y - v.z, b.x * w.z + v.y,
    b.x * w.y + v.z, -b.x * w.x - b.z * w.z, b.y * w.z - v.x,
    b.x * w.z - v.y, b.y * w.z + v.x, -b.x * w.x - b.y * w.y);
}

/** From the gradient of R, by rows, to that of the vector. */
fn rotation_gradient(w: vec3f, m: array<f32, 9>) -> vec3f {
  let terms = rotation_terms(dot(w, w));
  // Σ M ∘ K = axial · w, and Σ M ∘ K² = w · bent / 2
  let axial = vec3f(m[7] - m[5], m[2] - m[6], m[3] - m[1]);
  let bent = vec3f(
    -2.0 * (m[4] + m[8]) * w.x + (m[1] + m[3]) * w.y + (m[2] + m[6]) * w.z,
    (m[1] + m[3]) * w.x - 2.0 * (m[0] + m[8]) * w.y + (m[5] + m[7]) * w.z,
    (m[2] + m[6]) * w.x + (m[5] + m[7]) * w.y - 2.0 * (m[0] + m[4]) * w.z);
  return terms.x * axial + terms.y * bent + (terms.z * dot(axial, w) + 0.5 * terms.w * dot(bent, w)) * w;
}
`;
