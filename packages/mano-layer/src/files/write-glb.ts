import { Document, WebIO } from '@gltf-transform/core';
import { displayMesh, type Mesh, type MeshFileOptions } from './mesh.js';
import { vertexNormals } from './vertex-normals.js';

/** sRGB to the linear values that glTF's COLOR_0 holds (IEC 61966-2-1). */
const toLinear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/**
 * A binary glTF 2.0 file of a mesh: positions, normals, indices, and vertex colours where it has any.
 *
 * glTF is in metres with y up: give metres, and say with `frame` which axes they have.
 *
 * @param mesh vertices [V, 3] in metres, faces [F, 3], colors [V, 3] sRGB in 0–1
 * @param options axes of the vertices, name of the mesh
 * @returns the bytes of the file
 * @throws ShapeError or ConfigError if the mesh contradicts itself
 */
export async function writeGlb(mesh: Mesh, options: MeshFileOptions): Promise<Uint8Array> {
  const { vertices, faces, colors } = displayMesh(mesh, options, 'writeGlb');
  const document = new Document();
  const buffer = document.createBuffer();
  const attribute = (values: ArrayLike<number>) =>
    document.createAccessor().setType('VEC3').setArray(Float32Array.from(values)).setBuffer(buffer);
  const fitsShort = vertices.length / 3 <= 65535;
  const indices = document
    .createAccessor()
    .setType('SCALAR')
    .setArray(fitsShort ? Uint16Array.from(faces) : faces)
    .setBuffer(buffer);
  const name = options.name ?? 'hand';
  const grey = colors === undefined ? 0.6 : 1;
  const material = document
    .createMaterial(name)
    .setBaseColorFactor([grey, grey, grey, 1])
    .setMetallicFactor(0)
    .setRoughnessFactor(0.8);
  const primitive = document
    .createPrimitive()
    .setIndices(indices)
    .setMaterial(material)
    .setAttribute('POSITION', attribute(vertices))
    .setAttribute('NORMAL', attribute(vertexNormals(vertices, faces)));
  if (colors !== undefined) primitive.setAttribute('COLOR_0', attribute(colors.map(toLinear)));
  const node = document.createNode(name).setMesh(document.createMesh(name).addPrimitive(primitive));
  document.getRoot().setDefaultScene(document.createScene(name).addChild(node));
  return new WebIO().writeBinary(document);
}
