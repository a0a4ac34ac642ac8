import { displayMesh, formatCoordinate, type Mesh, type MeshFileOptions } from './mesh.js';
import { vertexNormals } from './vertex-normals.js';

export interface ObjOptions extends MeshFileOptions {
  /** Whether unit normals are written. Default false. */
  readonly normals?: boolean | undefined;
}

/**
 * A Wavefront OBJ file of a mesh, with vertex colours (as three more numbers per vertex) where it has any.
 *
 * @param mesh vertices [V, 3], faces [F, 3], colors [V, 3] sRGB in 0–1
 * @param options axes of the vertices, name of the object, whether normals are written
 * @returns the text of the file; eight significant digits per coordinate
 * @throws ShapeError or ConfigError if the mesh contradicts itself
 */
export function writeObj(mesh: Mesh, options: ObjOptions): string {
  const { vertices, faces, colors } = displayMesh(mesh, options, 'writeObj');
  const lines = [`o ${(options.name ?? 'hand').replace(/\s+/g, ' ').trim()}`];
  for (let v = 0; v < vertices.length; v += 3) {
    const numbers = [...vertices.subarray(v, v + 3), ...(colors?.subarray(v, v + 3) ?? [])];
    lines.push(`v ${numbers.map(formatCoordinate).join(' ')}`);
  }
  const normals = options.normals === true ? vertexNormals(vertices, faces) : undefined;
  for (let v = 0; v < (normals?.length ?? 0); v += 3) {
    lines.push(`vn ${Array.from(normals!.subarray(v, v + 3), formatCoordinate).join(' ')}`);
  }
  const corner = (vertex: number) => (normals === undefined ? `${vertex + 1}` : `${vertex + 1}//${vertex + 1}`);
  for (let f = 0; f < faces.length; f += 3) {
    lines.push(`f ${Array.from(faces.subarray(f, f + 3), corner).join(' ')}`);
  }
  return `${lines.join('\n')}\n`;
}
