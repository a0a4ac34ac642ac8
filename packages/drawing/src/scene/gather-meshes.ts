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

    const { colors, colorSpace, uvs, coordinates } = mesh;
    // one kind of array for all loops below, whatever the caller has
    const own = positions.subarray(vertexStart * 3, (vertexStart + vertexCount) * 3);
    const normals = needsNormals ? Float64Array.from(mesh.normals ?? []) : new Float64Array(own.length);
    const outward =
      needsNormals && mesh.normals === undefined ? vertexNormals(own, Int32Array.from(mesh.faces)) : normals;
    const linear = new Float64Array(own.length);
    if (colors === undefined) linear.fill(srgbToLinearFast(DEFAULT_ALBEDO));
    else {
      linear.set(colors);
      if (colorSpace !== 'linear') for (let i = 0; i < linear.length; i++) linear[i] = srgbToLinearFast(linear[i]!);
    }
    const sticking = coordinates === undefined ? undefined : Float64Array.from(coordinates);
    for (let v = 0; v < vertexCount; v++) {
      const at = (vertexStart + v) * ATTRIBUTES;
      const i = 3 * v;
      attributes[at] = outward[i]!;
      attributes[at + 1] = outward[i + 1]!;
      attributes[at + 2] = outward[i + 2]!;
      attributes[at + 4] = diffuse * linear[i]!;
      attributes[at + 5] = diffuse * linear[i + 1]!;
      attributes[at + 6] = diffuse * linear[i + 2]!;
      attributes[at + 8] = own[i]!;
      attributes[at + 9] = own[i + 1]!;
      attributes[at + 10] = own[i + 2]!;
      attributes[at + 12] = sticking === undefined ? 0 : sticking[i]!;
      attributes[at + 13] = sticking === undefined ? 0 : sticking[i + 1]!;
      attributes[at + 14] = sticking === undefined ? 0 : sticking[i + 2]!;
      attributes[at + 3] = uvs === undefined ? 0 : uvs[2 * v]!;
      attributes[at + 7] = uvs === undefined ? 0 : uvs[2 * v + 1]!;
      attributes[at + 11] = 0;
      attributes[at + 15] = 0;
    }
  });
}
