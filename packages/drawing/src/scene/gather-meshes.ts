import { srgbToLinearFast } from '../srgb.js';
import type { Kernels } from './kernels.js';
import type { SceneMesh } from './types.js';
import { MATERIAL_FIELDS, type WorkspaceArrays } from './workspace.js';

/** Grey of meshes without colours: sRGB 0.8 in linear light. */
const DEFAULT_LINEAR = srgbToLinearFast(0.8);

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
  arrays: WorkspaceArrays,
  kernels: Kernels,
  needsNormals: boolean,
): void {
  const { positions, normals, colors, coordinates, uvs, faces, faceMesh, materials } = arrays;
  ranges.forEach(({ mesh, vertexStart, vertexCount, faceStart, faceCount }, index) => {
    const start = vertexStart * 3;
    const vertexSpan = { from: vertexStart, to: vertexStart + vertexCount };
    const faceSpan = { from: faceStart, to: faceStart + faceCount };
    positions.set(mesh.vertices, start);
    faces.set(mesh.faces, faceStart * 3);
    if (vertexStart > 0) for (let i = faceStart * 3; i < faceSpan.to * 3; i++) faces[i]! += vertexStart;
    faceMesh.fill(index, faceSpan.from, faceSpan.to);
    const { diffuse = 1, specular = 0, roughness = 0.5, wrap = [0, 0, 0] } = mesh.material ?? {};
    materials.set([diffuse, specular, roughness, wrap[0], wrap[1], wrap[2], 0, 0], index * MATERIAL_FIELDS);

    if (mesh.colors === undefined) colors.fill(DEFAULT_LINEAR, start, vertexSpan.to * 3);
    else {
      colors.set(mesh.colors, start);
      if (mesh.colorSpace !== 'linear') toLinear(colors, start, vertexSpan.to * 3);
    }
    if (mesh.coordinates !== undefined) coordinates.set(mesh.coordinates, start);
    if (mesh.uvs !== undefined) uvs.set(mesh.uvs, vertexStart * 2);
    if (needsNormals && mesh.normals !== undefined) normals.set(mesh.normals, start);
    else if (needsNormals) kernels.normals(arrays, vertexSpan, faceSpan);
    kernels.gather(arrays, vertexSpan, diffuse, {
      normals: needsNormals,
      coordinates: mesh.coordinates !== undefined,
      uvs: mesh.uvs !== undefined,
    });
  });
}

function toLinear(colors: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i++) colors[i] = srgbToLinearFast(colors[i]!);
}
