import { displayMesh, type Mesh, type MeshFileOptions } from './mesh.js';

const format = (value: number): string => String(Number(value.toPrecision(8)) + 0);

/**
 * A Wavefront OBJ file of a mesh, with vertex colours (as three more numbers per vertex) where it has any.
 *
 * @param mesh vertices [V, 3], faces [F, 3], colors [V, 3] sRGB in 0–1
 * @param options axes of the vertices, name of the object
 * @returns the text of the file; eight significant digits per coordinate
 * @throws ShapeError or ConfigError if the mesh contradicts itself
 */
export function writeObj(mesh: Mesh, options: MeshFileOptions): string {
  const { vertices, faces, colors } = displayMesh(mesh, options, 'writeObj');
  const lines = [`o ${(options.name ?? 'hand').replace(/\s+/g, ' ').trim()}`];
  for (let v = 0; v < vertices.length; v += 3) {
    const numbers = [...vertices.subarray(v, v + 3), ...(colors?.subarray(v, v + 3) ?? [])];
    lines.push(`v ${numbers.map(format).join(' ')}`);
  }
  for (let f = 0; f < faces.length; f += 3) {
    lines.push(`f ${faces[f]! + 1} ${faces[f + 1]! + 1} ${faces[f + 2]! + 1}`);
  }
  return `${lines.join('\n')}\n`;
}
