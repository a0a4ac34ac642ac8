import type { Part, PartMesh } from './types.js';

/** Several meshes as one, and which part each triangle belongs to. */
export interface MergedMesh {
  readonly vertices: Float64Array;
  readonly faces: Uint32Array;
  readonly colors: Float64Array;
  /** first face after each part, in order */
  readonly parts: readonly { readonly part: Part; readonly end: number }[];
}

/** Puts meshes one after the other, moved by `shift`. */
export function mergeMeshes(
  meshes: readonly PartMesh[],
  shift: readonly [number, number, number],
  handFaces: number,
): MergedMesh {
  const total = meshes.reduce((sum, { vertices }) => sum + vertices.length, 0);
  const corners = meshes.reduce((sum, { faces }) => sum + faces.length, 0);
  const vertices = new Float64Array(total);
  const colors = new Float64Array(total);
  const faces = new Uint32Array(corners);
  const parts: { part: Part; end: number }[] = [{ part: 'hand', end: handFaces }];
  let [vertex, corner] = [0, 0];
  for (const mesh of meshes) {
    const first = vertex / 3;
    for (let i = 0; i < mesh.vertices.length; i += 3, vertex += 3) {
      vertices[vertex] = mesh.vertices[i]! + shift[0];
      vertices[vertex + 1] = mesh.vertices[i + 1]! + shift[1];
      vertices[vertex + 2] = mesh.vertices[i + 2]! + shift[2];
    }
    colors.set(mesh.colors, 3 * first);
    for (let i = 0; i < mesh.faces.length; i++) faces[corner++] = mesh.faces[i]! + first;
    parts.push({ part: mesh.part, end: corner / 3 });
  }
  return { vertices, faces, colors, parts };
}
