/** Skin, palm, creases, knuckles and nails as one sRGB colour a vertex, and which vertices are nails. */
import { dot, norm, row, sub } from './vectors.mjs';
import { smoothField } from './mesh.mjs';

export const COLORS = {
  skin: [0.83, 0.64, 0.54],
  palm: [0.91, 0.71, 0.63],
  tip: [0.92, 0.67, 0.6],
  crease: [0.72, 0.47, 0.41],
  knuckle: [0.74, 0.51, 0.43],
  nail: [0.96, 0.82, 0.78],
};

const bump = (x) => (Math.abs(x) < 1 ? (1 - x * x) ** 2 : 0);
const clamp01 = (x) => Math.max(0, Math.min(1, x));

/** @returns sRGB per vertex, and per vertex 0, or 1 … 5 on the nail of index, middle, little finger, ring, thumb */
export function vertexColors({ vertices, vertexNormals, joints, tips, weights, bones, normals, adjacency }) {
  const out = new Float64Array(vertices.length);
  const nails = [];
  const count = vertices.length / 3;
  for (let v = 0; v < count; v++) {
    const p = row(vertices, v);
    const n = row(vertexNormals, v);
    let dorsal = [0, weights[16 * v], 0];
    for (let j = 1; j < 16; j++) dorsal = dorsal.map((x, k) => x + weights[16 * v + j] * normals[j - 1][k]);
    const facing = dot(n, dorsal) / (norm(dorsal) || 1);
    const palmar = clamp01((-facing + 0.25) / 0.6);
    let crease = 0;
    let knuckle = 0;
    let tip = 0;
    for (let j = 1; j < 16; j++) {
      const near = norm(sub(p, row(joints, j)));
      const along = dot(sub(p, row(joints, j)), bones[j - 1]);
      const base = (j - 1) % 3 === 0;
      if (near > 0.022) continue;
      if (!base || j === 13) crease = Math.max(crease, palmar * bump(along / 0.004) * (j === 13 ? 0 : 1));
      else crease = Math.max(crease, palmar * bump((along - 0.016) / 0.004));
      if (j !== 13) knuckle = Math.max(knuckle, clamp01((facing - 0.3) / 0.4) * bump(along / (base ? 0.009 : 0.007)));
    }
    let nail = 0;
    for (let f = 0; f < 5; f++) {
      const j = 3 * f + 3;
      if (weights[16 * v + j] < 0.85) continue;
      const t = dot(sub(p, row(joints, j)), bones[j - 1]) / norm(sub(row(tips, f), row(joints, j)));
      tip = Math.max(tip, clamp01((t - 0.5) / 0.7) * clamp01(0.6 - facing));
      if (facing > 0.72 && t > 0.55 && t < 1.75) nail = f + 1;
    }
    nails.push(nail);
    const mix = (a, b, s) => a.map((x, k) => x + (b[k] - x) * s);
    let color = mix(COLORS.skin, COLORS.palm, palmar);
    color = mix(color, COLORS.tip, 0.8 * tip);
    color = mix(color, COLORS.knuckle, 0.55 * knuckle);
    color = mix(color, COLORS.crease, 0.6 * crease);
    out.set(color, 3 * v);
  }
  const soft = smoothField(out, 3, adjacency, 0.25, 1);
  for (let v = 0; v < count; v++) if (nails[v]) soft.set(COLORS.nail, 3 * v);
  return { colors: soft, nails };
}
