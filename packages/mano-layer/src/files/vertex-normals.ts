/**
 * Unit normals of the vertices: the mean of the normals of their triangles, weighted by area.
 *
 * A vertex without triangles, or whose triangles have no area, gets (0, 0, 1).
 *
 * @param vertices [V, 3]
 * @param faces [F, 3], counter-clockwise seen from outside
 * @returns [V, 3]
 */
export function vertexNormals(vertices: ArrayLike<number>, faces: ArrayLike<number>): Float64Array {
  const normals = new Float64Array(vertices.length);
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [faces[f]! * 3, faces[f + 1]! * 3, faces[f + 2]! * 3];
    const [px, py, pz] = [0, 1, 2].map((i) => vertices[b + i]! - vertices[a + i]!) as [number, number, number];
    const [qx, qy, qz] = [0, 1, 2].map((i) => vertices[c + i]! - vertices[a + i]!) as [number, number, number];
    const normal = [py * qz - pz * qy, pz * qx - px * qz, px * qy - py * qx];
    for (const corner of [a, b, c]) normal.forEach((value, i) => (normals[corner + i]! += value));
  }
  for (let v = 0; v < normals.length; v += 3) {
    const length = Math.hypot(normals[v]!, normals[v + 1]!, normals[v + 2]!);
    if (length > 0) for (let i = 0; i < 3; i++) normals[v + i]! /= length;
    else normals[v + 2] = 1;
  }
  return normals;
}
