/** Named vertices: fingertips, the ring of vertices whose mean is the centre of the palm, and the loop around the wrist. */
import { cross, dot, norm, row, sub } from './vectors.mjs';

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

/** Least cosine between the normals of the wrist's flat end and the way to the elbow, +x. */
const END_FACING = 0.9;

/**
 * The outline of the flat end of the mesh at the wrist, vertex after vertex, counter-clockwise seen from the elbow. It
 * starts with the vertex of the smallest number.
 */
export function wristLoop({ vertices, faces, joints }) {
  const next = new Map();
  const inner = new Set();
  for (let f = 0; f < faces.length; f += 3) {
    const corners = [faces[f], faces[f + 1], faces[f + 2]];
    const [a, b, c] = corners.map((v) => row(vertices, v));
    const normal = cross(sub(b, a), sub(c, a));
    if (normal[0] / (norm(normal) || 1) < END_FACING || (a[0] + b[0] + c[0]) / 3 < joints[0]) continue;
    corners.forEach((v, k) => inner.add(`${v},${corners[(k + 1) % 3]}`));
  }
  for (const edge of inner) {
    const [from, to] = edge.split(',');
    if (!inner.has(`${to},${from}`)) next.set(Number(from), Number(to));
  }
  const first = Math.min(...next.keys());
  const loop = [first];
  while (next.get(loop.at(-1)) !== first) {
    loop.push(next.get(loop.at(-1)));
    if (loop.at(-1) === undefined || loop.length > next.size)
      throw new Error('landmarks: the wrist has no closed end.');
  }
  if (loop.length !== next.size) throw new Error('landmarks: the wrist has more than one end.');
  return loop;
}
