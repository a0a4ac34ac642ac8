import { srgbToLinearFast } from '../srgb.js';
import { vertexNormals } from '../mesh/vertex-normals.js';
import type { SceneMesh } from './types.js';
import { ATTRIBUTES, MATERIAL_FIELDS, type WorkspaceArrays } from './workspace.js';

/** Grey of meshes without colours, sRGB. */
const DEFAULT_ALBEDO = 0.8;

/** Where a mesh lies among all vertices and faces of the scene. */
export interface MeshRange {
  readonly mesh: SceneMesh;
  readonly vertexStart: number;
  readonly vertexCount: number;
  readonly faceStart: number;
  readonly faceCount: number;
}

/** Numbers the vertices and faces of all meshes through. */
export function meshRanges(meshes: readonly SceneMesh[]): { ranges: MeshRange[]; vertices: number; faces: number } {
  let vertices = 0;
  let faces = 0;
  const ranges = meshes.map((mesh) => {
    const range = {
      mesh,
      vertexStart: vertices,
      vertexCount: mesh.vertices.length / 3,
      faceStart: faces,
      faceCount: mesh.faces.length / 3,
    };
    vertices += range.vertexCount;
    faces += range.faceCount;
    return range;
  });
  return { ranges, vertices, faces };
}

/** Copies faces, attributes and materials of all meshes into the workspace, so that the inner loops see one kind of array. */
export function gatherMeshes(
  ranges: readonly MeshRange[],
  positions: Float64Array,
  arrays: WorkspaceArrays,
  needsNormals: boolean,
): void {
  ranges.forEach(({ mesh, vertexStart, vertexCount, faceStart }, index) => {
    positions.set(mesh.vertices, vertexStart * 3);
    const { faces, faceMesh, attributes, materials } = arrays;
    for (let i = 0; i < mesh.faces.length; i++) faces[faceStart * 3 + i] = mesh.faces[i]! + vertexStart;
    faceMesh.fill(index, faceStart, faceStart + mesh.faces.length / 3);
    const { diffuse = 1, specular = 0, roughness = 0.5, wrap = [0, 0, 0] } = mesh.material ?? {};
    materials.set([diffuse, specular, roughness, ...wrap, 0, 0], index * MATERIAL_FIELDS);

    const normals = needsNormals ? (mesh.normals ?? vertexNormals(mesh.vertices, mesh.faces)) : undefined;
    const { colors, colorSpace, uvs, coordinates } = mesh;
    const grey = diffuse * srgbToLinearFast(DEFAULT_ALBEDO);
    const linear = colorSpace === 'linear';
    for (let v = 0; v < vertexCount; v++) {
      const at = (vertexStart + v) * ATTRIBUTES;
      for (let k = 0; k < 3; k++) {
        const i = 3 * v + k;
        attributes[at + k] = normals === undefined ? 0 : normals[i]!;
        attributes[at + 4 + k] =
          colors === undefined ? grey : diffuse * (linear ? colors[i]! : srgbToLinearFast(colors[i]!));
        attributes[at + 8 + k] = positions[3 * vertexStart + i]!;
        attributes[at + 12 + k] = coordinates === undefined ? 0 : coordinates[i]!;
      }
      attributes[at + 3] = uvs === undefined ? 0 : uvs[2 * v]!;
      attributes[at + 7] = uvs === undefined ? 0 : uvs[2 * v + 1]!;
      attributes[at + 11] = 0;
      attributes[at + 15] = 0;
    }
  });
}
