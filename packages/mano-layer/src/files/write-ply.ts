import { ConfigError } from '@opposable/tensor-checks';
import { displayMesh, formatCoordinate, type Mesh, type MeshFileOptions } from './mesh.js';
import { vertexNormals } from './vertex-normals.js';

export interface PlyOptions extends MeshFileOptions {
  /** Default 'binary' (little-endian). */
  readonly format?: 'ascii' | 'binary' | undefined;
  /** Whether unit normals are written. Default true. */
  readonly normals?: boolean | undefined;
}

function header(format: string, vertexCount: number, faceCount: number, columns: readonly string[], name: string) {
  return [
    'ply',
    `format ${format === 'ascii' ? 'ascii' : 'binary_little_endian'} 1.0`,
    `comment ${name}`,
    `element vertex ${vertexCount}`,
    ...columns.map((column) => `property ${column}`),
    `element face ${faceCount}`,
    'property list uchar int vertex_indices',
    'end_header',
    '',
  ].join('\n');
}

/**
 * A PLY file of a mesh: float32 positions and normals, colours of eight bits where it has any, triangles.
 *
 * @param mesh vertices [V, 3], faces [F, 3], colors [V, 3] sRGB in 0–1
 * @param options axes of the vertices, name (a comment), ascii or binary, with or without normals
 * @returns the bytes of the file; in ascii eight significant digits per coordinate
 * @throws ShapeError or ConfigError if the mesh contradicts itself
 */
export function writePly(mesh: Mesh, options: PlyOptions): Uint8Array {
  const { format = 'binary' } = options;
  if (format !== 'ascii' && format !== 'binary') {
    throw new ConfigError(`writePly: expected format to be ascii or binary, got ${String(format)}.`, {
      expected: ['ascii', 'binary'],
      actual: format,
    });
  }
  const { vertices, faces, colors } = displayMesh(mesh, options, 'writePly');
  const normals = (options.normals ?? true) ? vertexNormals(vertices, faces) : undefined;
  const floatBlocks = [vertices, ...(normals === undefined ? [] : [normals])];
  const floatNames = ['x', 'y', 'z', 'nx', 'ny', 'nz'].slice(0, 3 * floatBlocks.length);
  const columns = [
    ...floatNames.map((column) => `float ${column}`),
    ...(colors === undefined ? [] : ['uchar red', 'uchar green', 'uchar blue']),
  ];
  const bytes = colors?.map((value) => Math.round(value * 255));
  const vertexCount = vertices.length / 3;
  const faceCount = faces.length / 3;
  const top = header(format, vertexCount, faceCount, columns, (options.name ?? 'hand').replace(/\s+/g, ' ').trim());

  if (format === 'ascii') {
    const lines: string[] = [];
    for (let v = 0; v < vertices.length; v += 3) {
      const floats = floatBlocks.flatMap((block) => Array.from(block.subarray(v, v + 3), formatCoordinate));
      lines.push([...floats, ...(bytes?.subarray(v, v + 3) ?? [])].join(' '));
    }
    for (let f = 0; f < faces.length; f += 3) lines.push(`3 ${faces[f]} ${faces[f + 1]} ${faces[f + 2]}`);
    return new TextEncoder().encode(`${top}${lines.join('\n')}\n`);
  }
  const start = new TextEncoder().encode(top);
  const file = new Uint8Array(
    start.length + vertexCount * (4 * floatNames.length + (bytes === undefined ? 0 : 3)) + faceCount * 13,
  );
  file.set(start);
  const view = new DataView(file.buffer);
  let at = start.length;
  for (let v = 0; v < vertices.length; v += 3) {
    for (const block of floatBlocks) {
      for (let i = 0; i < 3; i++, at += 4) view.setFloat32(at, block[v + i]!, true);
    }
    if (bytes !== undefined) for (let i = 0; i < 3; i++) view.setUint8(at++, bytes[v + i]!);
  }
  for (let f = 0; f < faces.length; f += 3) {
    view.setUint8(at++, 3);
    for (let i = 0; i < 3; i++, at += 4) view.setInt32(at, faces[f + i]!, true);
  }
  return file;
}
