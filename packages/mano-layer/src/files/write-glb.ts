import { Document, WebIO } from '@gltf-transform/core';
import { glbPrimitive } from './glb-primitive.js';
import { displayMesh, type Mesh, type MeshFileOptions } from './mesh.js';

/**
 * A binary glTF 2.0 file of a mesh: positions, normals, indices, and vertex colours where it has any.
 *
 * glTF is in metres with y up: give metres, and say with `frame` which axes they have. For a mesh with its skeleton see
 * `writeSkinnedGlb`.
 *
 * @param mesh vertices [V, 3] in metres, faces [F, 3], colors [V, 3] sRGB in 0–1
 * @param options axes of the vertices, name of the mesh
 * @returns the bytes of the file
 * @throws ShapeError or ConfigError if the mesh contradicts itself
 */
export async function writeGlb(mesh: Mesh, options: MeshFileOptions): Promise<Uint8Array> {
  const shown = displayMesh(mesh, options, 'writeGlb');
  const document = new Document();
  const name = options.name ?? 'hand';
  const primitive = glbPrimitive(document, shown, name);
  const node = document.createNode(name).setMesh(document.createMesh(name).addPrimitive(primitive));
  document.getRoot().setDefaultScene(document.createScene(name).addChild(node));
  return new WebIO().writeBinary(document);
}
