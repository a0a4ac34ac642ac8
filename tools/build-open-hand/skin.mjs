/** Linear blend skinning in float64: what the layer computes, for the build's own use. */
import { add, apply3, multiply3, row, sub } from './vectors.mjs';
import { PARENTS } from './read-rig.mjs';

/** Rotation and translation of each joint's skinning transform, given rest joints and local rotations (16 matrices). */
export function jointTransforms(joints, rotations) {
  const turns = [];
  const places = [];
  const shifts = [];
  for (let j = 0; j < 16; j++) {
    const rest = row(joints, j);
    const p = PARENTS[j];
    turns.push(p < 0 ? rotations[j] : multiply3(turns[p], rotations[j]));
    places.push(p < 0 ? rest : add(places[p], apply3(turns[p], sub(rest, row(joints, p)))));
    shifts.push(sub(places[j], apply3(turns[j], rest)));
  }
  return { turns, places, shifts };
}

/** Blended 3 × 4 transform of one vertex: a row-major 3 × 3 matrix and a translation. */
export function blendTransform({ turns, shifts }, weights, v) {
  const matrix = new Array(9).fill(0);
  const shift = [0, 0, 0];
  for (let j = 0; j < 16; j++) {
    const w = weights[16 * v + j];
    if (w === 0) continue;
    for (let i = 0; i < 9; i++) matrix[i] += w * turns[j][i];
    for (let i = 0; i < 3; i++) shift[i] += w * shifts[j][i];
  }
  return { matrix, shift };
}

/** Posed vertices (without pose correctives). */
export function skin(vertices, weights, transforms) {
  const out = new Float64Array(vertices.length);
  for (let v = 0; v < vertices.length / 3; v++) {
    const { matrix, shift } = blendTransform(transforms, weights, v);
    out.set(add(apply3(matrix, row(vertices, v)), shift), 3 * v);
  }
  return out;
}
