import { createRng } from '@opposable/tensor-checks';
import { largestDifference } from '../test-support/reference-hand.js';
import type { Mesh } from './mesh.js';
import { vertexNormals } from './vertex-normals.js';
import { writePly } from './write-ply.js';

const rng = createRng(8);
const mesh: Mesh = {
  vertices: Array.from({ length: 30 }, () => rng.normal()),
  faces: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 5],
  colors: Array.from({ length: 30 }, () => rng.uniform()),
};

/** A reader of its own, led by the header alone. */
function readPly(bytes: Uint8Array) {
  const text = new TextDecoder('latin1').decode(bytes);
  const start = text.indexOf('end_header\n') + 'end_header\n'.length;
  const lines = text.slice(0, start).split('\n');
  const isAscii = lines.includes('format ascii 1.0');
  const count = (element: string) => Number(lines.find((line) => line.startsWith(`element ${element}`))!.split(' ')[2]);
  const columns = lines
    .filter((line) => /^property (float|uchar) \w+$/.test(line))
    .map((line) => line.split(' ').slice(1));
  const words = isAscii ? text.slice(start).split(/\s+/).map(Number) : [];
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
  let at = 0;
  const read = (type: string): number => {
    if (isAscii) return words[at++]!;
    at += type === 'uchar' ? 1 : 4;
    if (type === 'uchar') return view.getUint8(at - 1);
    return type === 'float' ? view.getFloat32(at - 4, true) : view.getInt32(at - 4, true);
  };
  const vertices = Array.from({ length: count('vertex') }, () =>
    Object.fromEntries(columns.map(([type, name]) => [name!, read(type!)])),
  );
  const faces = Array.from({ length: count('face') }, () => Array.from({ length: read('uchar') }, () => read('int')));
  const rest = isAscii ? words.slice(at).filter((word, i) => i > 0 || word !== 0).length : view.byteLength - at;
  return { first: lines[0], comment: lines[2], vertices, faces: faces.flat(), rest };
}

describe('writePly', () => {
  it.each(['ascii', 'binary'] as const)(
    'writes positions, normals, colours and triangles that read back: %s',
    (format) => {
      const { first, comment, vertices, faces, rest } = readPly(
        writePly(mesh, { frame: 'y-up', format, name: 'a\nhand' }),
      );
      expect([first, comment, rest]).toEqual(['ply', 'comment a hand', 0]);
      const column = (...names: string[]) => vertices.flatMap((vertex) => names.map((name) => vertex[name]!));
      expect(largestDifference(column('x', 'y', 'z'), mesh.vertices)).toBeLessThan(1e-6);
      expect(largestDifference(column('nx', 'ny', 'nz'), vertexNormals(mesh.vertices, mesh.faces))).toBeLessThan(1e-6);
      expect(column('red', 'green', 'blue')).toEqual(Array.from(mesh.colors!, (value) => Math.round(value * 255)));
      expect(faces).toEqual(mesh.faces);
    },
  );

  it('leaves out what is not there or not wanted, and turns image axes', () => {
    const bare = readPly(writePly({ ...mesh, colors: undefined }, { frame: 'image', normals: false }));
    expect(Object.keys(bare.vertices[0]!)).toEqual(['x', 'y', 'z']);
    expect(bare.vertices[3]!['y']).toBeCloseTo(-mesh.vertices[10]!, 6);
    expect(bare.rest).toBe(0);
  });

  it('refuses an unknown format and a mesh that contradicts itself', () => {
    expect(() => writePly(mesh, { frame: 'y-up', format: 'big' as 'ascii' })).toThrow(
      'writePly: expected format to be ascii or binary, got big.',
    );
    expect(() => writePly({ ...mesh, faces: [0, 1, 10] }, { frame: 'y-up' })).toThrow(
      'writePly: expected faces to name',
    );
  });
});
