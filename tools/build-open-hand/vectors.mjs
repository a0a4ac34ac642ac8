/** Small dense linear algebra on plain arrays: vectors of 3, row-major 3 × 3 matrices, a Jacobi eigensolver, Cholesky. */

export const add = (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const sub = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a, s) => [a[0] * s, a[1] * s, a[2] * s];
export const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
export const norm = (a) => Math.sqrt(dot(a, a));
export const unit = (a) => scale(a, 1 / norm(a));
export const row = (array, i) => [array[3 * i], array[3 * i + 1], array[3 * i + 2]];

export const identity3 = () => [1, 0, 0, 0, 1, 0, 0, 0, 1];
export const apply3 = (m, v) => [
  m[0] * v[0] + m[1] * v[1] + m[2] * v[2],
  m[3] * v[0] + m[4] * v[1] + m[5] * v[2],
  m[6] * v[0] + m[7] * v[1] + m[8] * v[2],
];
export const transpose3 = (m) => [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]];
export function multiply3(a, b) {
  const out = new Array(9);
  for (let r = 0; r < 3; r++)
    for (let c = 0; c < 3; c++) out[3 * r + c] = a[3 * r] * b[c] + a[3 * r + 1] * b[3 + c] + a[3 * r + 2] * b[6 + c];
  return out;
}
export function inverse3(m) {
  const c0 = cross([m[3], m[4], m[5]], [m[6], m[7], m[8]]);
  const c1 = cross([m[6], m[7], m[8]], [m[0], m[1], m[2]]);
  const c2 = cross([m[0], m[1], m[2]], [m[3], m[4], m[5]]);
  const det = m[0] * c0[0] + m[1] * c0[1] + m[2] * c0[2];
  return [c0[0], c1[0], c2[0], c0[1], c1[1], c2[1], c0[2], c1[2], c2[2]].map((x) => x / det);
}

/** Rotation by `angle` about the unit vector `axis`. */
export function rotationAbout(axis, angle) {
  const [x, y, z] = axis;
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const t = 1 - c;
  return [
    t * x * x + c, t * x * y - s * z, t * x * z + s * y,
    t * x * y + s * z, t * y * y + c, t * y * z - s * x,
    t * x * z - s * y, t * y * z + s * x, t * z * z + c,
  ]; // prettier-ignore
}
/** Rotation of an axis-angle vector. */
export function rodrigues(v) {
  const angle = norm(v);
  return angle < 1e-12 ? identity3() : rotationAbout(scale(v, 1 / angle), angle);
}
/** Axis-angle vector of a rotation by less than π. */
export function rotationLog(m) {
  const cosine = Math.max(-1, Math.min(1, (m[0] + m[4] + m[8] - 1) / 2));
  const angle = Math.acos(cosine);
  const v = [m[7] - m[5], m[2] - m[6], m[3] - m[1]];
  const s = norm(v) / 2;
  return s < 1e-9 ? scale(v, 0.5) : scale(v, angle / (2 * s));
}
/** The shortest rotation that takes the unit vector `from` to the unit vector `to`. */
export function rotationBetween(from, to) {
  const axis = cross(from, to);
  const s = norm(axis);
  return s < 1e-12 ? identity3() : rotationAbout(scale(axis, 1 / s), Math.atan2(s, dot(from, to)));
}

/** Eigenvalues (descending) and unit eigenvectors (rows) of a symmetric n × n matrix, by cyclic Jacobi rotations. */
export function symmetricEigen(matrix, n) {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < 100; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += a[p * n + q] ** 2;
    if (off < 1e-28) break;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(a[p * n + q]) < 1e-300) continue;
        const theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[k * n + p], a[k * n + q]];
          a[k * n + p] = c * x - s * y;
          a[k * n + q] = s * x + c * y;
        }
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[p * n + k], a[q * n + k]];
          a[p * n + k] = c * x - s * y;
          a[q * n + k] = s * x + c * y;
        }
        for (let k = 0; k < n; k++) {
          const [x, y] = [v[p * n + k], v[q * n + k]];
          v[p * n + k] = c * x - s * y;
          v[q * n + k] = s * x + c * y;
        }
      }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j] - a[i * n + i]);
  return {
    values: order.map((i) => a[i * n + i]),
    vectors: order.map((i) => Array.from(v.subarray(i * n, (i + 1) * n))),
  };
}

/** Solves A·X = B for a symmetric positive definite n × n matrix A and n × m right-hand sides B, both row-major. */
export function solvePositiveDefinite(matrix, rightSides, n, m) {
  const l = Float64Array.from(matrix);
  const x = Float64Array.from(rightSides);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = l[i * n + j];
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      l[i * n + j] = i === j ? Math.sqrt(sum) : sum / l[j * n + j];
    }
  }
  for (let c = 0; c < m; c++) {
    for (let i = 0; i < n; i++) {
      let sum = x[i * m + c];
      for (let k = 0; k < i; k++) sum -= l[i * n + k] * x[k * m + c];
      x[i * m + c] = sum / l[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = x[i * m + c];
      for (let k = i + 1; k < n; k++) sum -= l[k * n + i] * x[k * m + c];
      x[i * m + c] = sum / l[i * n + i];
    }
  }
  return x;
}
