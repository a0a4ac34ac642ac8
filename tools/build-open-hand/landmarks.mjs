/** Named vertices: fingertips and the ring of vertices whose mean is the centre of the palm. */
import { dot, norm, row, sub } from './vectors.mjs';

export function fingertips({ vertices, joints, weights, bones }) {
  return [0, 1, 2, 3, 4].map((f) => {
    const j = 3 * f + 3;
    let best = -1;
    let reach = -Infinity;
    for (let v = 0; v < vertices.length / 3; v++) {
      if (weights[16 * v + j] < 0.9) continue;
      const along = dot(sub(row(vertices, v), row(joints, j)), bones[j - 1]);
      if (along > reach) [best, reach] = [v, along];
    }
    return best;
  });
}

/** Four palmar and four dorsal vertices nearest to the middle between the wrist and the knuckles of middle and ring finger. */
export function palmVertices({ vertices, joints, normals }) {
  const centre = [0, 1, 2].map((k) => (joints[k] + (joints[12 + k] + joints[30 + k]) / 2) / 2);
  const sideOf = (sign) =>
    Array.from({ length: vertices.length / 3 }, (_, v) => v)
      .filter((v) => sign * normals[3 * v + 1] > 0.5)
      .map((v) => {
        const d = sub(row(vertices, v), centre);
        return [v, norm([d[0], 0, d[2]])];
      })
      .sort((a, b) => a[1] - b[1] || a[0] - b[0])
      .slice(0, 4)
      .map(([v]) => v);
  return [...sideOf(-1), ...sideOf(1)].sort((a, b) => a - b);
}
