import type { Accessor, Document, Primitive, TypedArray } from '@gltf-transform/core';
import type { DisplayMesh } from './mesh.js';
import { vertexNormals } from './vertex-normals.js';

/** sRGB to the linear values that glTF's COLOR_0 holds (IEC 61966-2-1). */
const toLinear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** An accessor in the document's first buffer, which is made where there is none. */
export function glbAccessor(
  document: Document,
  type: 'SCALAR' | 'VEC3' | 'VEC4' | 'MAT4',
  values: TypedArray,
): Accessor {
  const buffer = document.getRoot().listBuffers()[0] ?? document.createBuffer();
  return document.createAccessor().setType(type).setArray(values).setBuffer(buffer);
}

/**
 * The primitive of a mesh: positions, normals, indices, a matt material, and vertex colours where it has any.
 *
 * @param surface the vertices whose normals are written, where they are not those of the mesh
 */
export function glbPrimitive(
  document: Document,
  { vertices, faces, colors }: DisplayMesh,
  name: string,
  surface: Float64Array = vertices,
): Primitive {
  const attribute = (values: ArrayLike<number>) => glbAccessor(document, 'VEC3', Float32Array.from(values));
  const fitsShort = vertices.length / 3 <= 65535;
  const grey = colors === undefined ? 0.6 : 1;
  const material = document
    .createMaterial(name)
    .setBaseColorFactor([grey, grey, grey, 1])
    .setMetallicFactor(0)
    .setRoughnessFactor(0.8);
  const primitive = document
    .createPrimitive()
    .setIndices(glbAccessor(document, 'SCALAR', fitsShort ? Uint16Array.from(faces) : Uint32Array.from(faces)))
    .setMaterial(material)
    .setAttribute('POSITION', attribute(vertices))
    .setAttribute('NORMAL', attribute(vertexNormals(surface, faces)));
  return colors === undefined ? primitive : primitive.setAttribute('COLOR_0', attribute(colors.map(toLinear)));
}
