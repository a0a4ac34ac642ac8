/** Facts of a triangle mesh that several steps need. */
import { cross, dot, row, sub } from './vectors.mjs';

/** For each vertex the sorted list of the vertices that share an edge with it. */
export function neighbours(faces, vertexCount) {
  const sets = Array.from({ length: vertexCount }, () => new Set());
  for (let f = 0; f < faces.length; f += 3)
    for (let k = 0; k < 3; k++) {
      sets[faces[f + k]].add(faces[f + ((k + 1) % 3)]);
      sets[faces[f + ((k + 1) % 3)]].add(faces[f + k]);
    }
  return sets.map((set) => [...set].sort((a, b) => a - b));
}

/** Unit outward normals, weighted by area. */
export function vertexNormals(vertices, faces) {
  const normals = new Float64Array(vertices.length);
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => row(vertices, faces[f + k]));
    const n = cross(sub(b, a), sub(c, a));
    for (let k = 0; k < 3; k++) for (let i = 0; i < 3; i++) normals[3 * faces[f + k] + i] += n[i];
  }
  for (let v = 0; v < normals.length; v += 3) {
    const length = Math.sqrt(normals[v] ** 2 + normals[v + 1] ** 2 + normals[v + 2] ** 2) || 1;
    for (let i = 0; i < 3; i++) normals[v + i] /= length;
  }
  return normals;
}

/** A third of the area of the triangles around each vertex. */
export function vertexAreas(vertices, faces) {
  const areas = new Float64Array(vertices.length / 3);
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => row(vertices, faces[f + k]));
    const n = cross(sub(b, a), sub(c, a));
    const area = Math.sqrt(dot(n, n)) / 6;
    for (let k = 0; k < 3; k++) areas[faces[f + k]] += area;
  }
  return areas;
}

/** Signed volume; positive when the triangles turn counter-clockwise seen from outside. */
export function volume(vertices, faces) {
  let sum = 0;
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => row(vertices, faces[f + k]));
    sum += dot(a, cross(b, c)) / 6;
  }
  return sum;
}

/** One pass of moving each row of a field (width numbers per vertex) towards the mean of its neighbours. */
export function smoothField(field, width, adjacency, amount, passes) {
  let current = Float64Array.from(field);
  for (let pass = 0; pass < passes; pass++) {
    const next = new Float64Array(current.length);
    for (let v = 0; v < adjacency.length; v++)
      for (let i = 0; i < width; i++) {
        let mean = 0;
        for (const n of adjacency[v]) mean += current[n * width + i];
        next[v * width + i] = (1 - amount) * current[v * width + i] + (amount * mean) / adjacency[v].length;
      }
    current = next;
  }
  return current;
}
