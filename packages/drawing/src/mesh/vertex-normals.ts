import { ShapeError } from '@opposable/tensor-checks';

/**
 * Smooth normals of a mesh: the unit sum of the normals of the faces at each vertex, weighted by their area.
 *
 * A vertex without a face of non-zero area gets the zero vector.
 *
 * @param vertices [N, 3] flat
 * @param faces [F, 3] flat vertex indices, counter-clockwise seen from outside
 * @param out [N, 3] flat, written and returned; default a new array
 * @returns [N, 3] flat, pointing outwards
 * @throws ShapeError if a length is not a multiple of 3 or `out` has the wrong length
 */
export function vertexNormals(
  vertices: ArrayLike<number>,
  faces: ArrayLike<number>,
  out: Float64Array = new Float64Array(vertices.length),
): Float64Array {
  if (vertices.length % 3 !== 0 || faces.length % 3 !== 0 || out.length < vertices.length) {
    throw new ShapeError(
      `vertexNormals: expected flat [N, 3] vertices, faces and out, got lengths ${vertices.length}, ${faces.length} and ${out.length}.`,
      { expected: ['N·3', 'F·3', 'N·3'], actual: [vertices.length, faces.length, out.length] },
    );
  }
  out.fill(0);
  for (let f = 0; f < faces.length; f += 3) {
    const a = faces[f]! * 3;
    const b = faces[f + 1]! * 3;
    const c = faces[f + 2]! * 3;
    const ux = vertices[b]! - vertices[a]!;
    const uy = vertices[b + 1]! - vertices[a + 1]!;
    const uz = vertices[b + 2]! - vertices[a + 2]!;
    const vx = vertices[c]! - vertices[a]!;
    const vy = vertices[c + 1]! - vertices[a + 1]!;
    const vz = vertices[c + 2]! - vertices[a + 2]!;
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    out[a]! += nx;
    out[a + 1]! += ny;
    out[a + 2]! += nz;
    out[b]! += nx;
    out[b + 1]! += ny;
    out[b + 2]! += nz;
    out[c]! += nx;
    out[c + 1]! += ny;
    out[c + 2]! += nz;
  }
  for (let i = 0; i < vertices.length; i += 3) {
    const length = Math.sqrt(out[i]! * out[i]! + out[i + 1]! * out[i + 1]! + out[i + 2]! * out[i + 2]!);
    if (length > 0) {
      out[i]! /= length;
      out[i + 1]! /= length;
      out[i + 2]! /= length;
    }
  }
  return out;
}
