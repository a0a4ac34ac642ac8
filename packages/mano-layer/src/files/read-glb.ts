import { type Node as GltfNode, type Primitive, WebIO } from '@gltf-transform/core';
import { FileFormatError } from '@opposable/tensor-checks';
import type { MeshFile } from './read-mesh.js';

const MAGIC = [0x67, 0x6c, 0x54, 0x46];

/** Whether bytes begin as a binary glTF file. */
export const looksLikeGlb = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

/** Linear values of COLOR_0 to sRGB (IEC 61966-2-1). */
const toSrgb = (value: number): number => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);

function fault(found: string, cause?: unknown): FileFormatError {
  return new FileFormatError(`readGlb: ${found}.`, { expected: 'a binary glTF 2.0 file of triangles', cause });
}

/** Vertices, faces and colours of one primitive, moved by the matrix of its node (column by column). */
function primitiveMesh(primitive: Primitive, m: readonly number[]): MeshFile {
  const position = primitive.getAttribute('POSITION');
  if (primitive.getMode() !== 4 || position === null) {
    throw fault('expected triangles with positions, got points, lines, strips or nothing');
  }
  const count = position.getCount();
  const vertices = new Float64Array(3 * count);
  const point = [0, 0, 0];
  for (let v = 0; v < count; v++) {
    position.getElement(v, point);
    for (let i = 0; i < 3; i++) {
      vertices[3 * v + i] = m[i]! * point[0]! + m[4 + i]! * point[1]! + m[8 + i]! * point[2]! + m[12 + i]!;
    }
  }
  const indices = primitive.getIndices();
  const faces = Int32Array.from({ length: indices?.getCount() ?? count }, (_, i) => indices?.getScalar(i) ?? i);
  if (faces.length % 3 !== 0 || faces.some((index) => index >= count)) {
    throw fault(
      `expected whole triangles of ${count} vertices, got ${faces.length} indices up to ${Math.max(...faces)}`,
    );
  }
  const color = primitive.getAttribute('COLOR_0');
  const rgba = [0, 0, 0, 0];
  const colors = color === null ? undefined : new Float64Array(3 * count);
  for (let v = 0; colors !== undefined && v < count; v++) {
    color!.getElement(v, rgba);
    for (let i = 0; i < 3; i++) colors[3 * v + i] = toSrgb(Math.min(1, Math.max(0, rgba[i]!)));
  }
  return { vertices, faces, colors };
}

function join(parts: readonly MeshFile[]): MeshFile {
  const vertices: number[] = [];
  const faces: number[] = [];
  const colors: number[] = [];
  for (const part of parts) {
    const start = vertices.length / 3;
    for (const value of part.vertices) vertices.push(value);
    for (const index of part.faces) faces.push(start + index);
    for (const value of part.colors ?? []) colors.push(value);
  }
  return {
    vertices: Float64Array.from(vertices),
    faces: Int32Array.from(faces),
    colors: colors.length === vertices.length ? Float64Array.from(colors) : undefined,
  };
}

/**
 * The triangles of all meshes of a binary glTF 2.0 file, where its nodes place them; skins and morph targets at rest.
 *
 * @returns metres, y up
 * @throws FileFormatError for bytes that are no such file, need an extension or another file, or hold no triangles
 */
export async function readGlb(bytes: Uint8Array): Promise<MeshFile> {
  const document = await new WebIO().readBinary(bytes).catch((cause: unknown) => {
    throw fault(`expected a binary glTF 2.0 file, got ${(cause as Error).message.replace(/\.$/, '')}`, cause);
  });
  const root = document.getRoot();
  const parts: MeshFile[] = [];
  const scene = root.getDefaultScene() ?? root.listScenes()[0];
  scene?.traverse((node: GltfNode) => {
    for (const primitive of node.getMesh()?.listPrimitives() ?? []) {
      parts.push(primitiveMesh(primitive, node.getWorldMatrix()));
    }
  });
  if (parts.length === 0) throw fault('expected a scene with at least one mesh, got none');
  return join(parts);
}
