import { FileFormatError } from '@opposable/tensor-checks';
import { looksLikeMesh, readMesh } from './read-mesh.js';
import { writeObj } from './write-obj.js';
import { writePly } from './write-ply.js';

const mesh = {
  vertices: [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3],
  faces: [0, 2, 1, 0, 1, 3, 1, 2, 3, 2, 0, 3],
  colors: [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const bytes = (text: string) => new TextEncoder().encode(text);
const plain = (file: ReturnType<typeof readMesh>) => ({
  vertices: [...file.vertices],
  faces: [...file.faces],
  colors: file.colors && [...file.colors],
});

describe('readMesh', () => {
  it.each([
    ['ascii', 'ascii'],
    ['binary', 'binary'],
  ] as const)('reads what writePly writes, %s', (_name, format) => {
    const file = writePly(mesh, { frame: 'y-up', format });
    expect(looksLikeMesh(file)).toBe(true);
    expect(plain(readMesh(file))).toEqual(mesh);
  });

  it('reads what writeObj writes', () => {
    const file = writeObj({ ...mesh, colors: undefined }, { frame: 'y-up' });
    expect(plain(readMesh(typeof file === 'string' ? bytes(file) : file))).toEqual({ ...mesh, colors: undefined });
  });

  it('reads big-endian PLY with doubles, quads and colours of 0 … 1', () => {
    const header = [
      'ply\nformat binary_big_endian 1.0\nelement vertex 4\nproperty double x\nproperty double y\nproperty double z',
      'property float red\nproperty float green\nproperty float blue\nelement face 1',
      'property list uchar ushort vertex_index\nend_header\n',
    ].join('\n');
    const body = new DataView(new ArrayBuffer(4 * 36 + 9));
    for (let v = 0; v < 4; v++) {
      [v, 2 * v, -v].forEach((value, k) => body.setFloat64(36 * v + 8 * k, value));
      [0.25, 0.5, 1].forEach((value, k) => body.setFloat32(36 * v + 24 + 4 * k, value));
    }
    body.setUint8(144, 4);
    [0, 1, 2, 3].forEach((value, k) => body.setUint16(145 + 2 * k, value));
    const file = Uint8Array.from([...bytes(header), ...new Uint8Array(body.buffer)]);
    expect(plain(readMesh(file))).toEqual({
      vertices: [0, 0, -0, 1, 2, -1, 2, 4, -2, 3, 6, -3],
      faces: [0, 1, 2, 0, 2, 3],
      colors: [0, 1, 2, 3].flatMap(() => [0.25, 0.5, 1]),
    });
  });

  it('reads OBJ with colours, slashes, quads and negative indices', () => {
    const file = bytes(
      '# a\nv 0 0 0 255 0 0\nv 1 0 0 0 51 0\nv 1 1 0 0 0 255\nv 0 1 0 0 0 0\nvn 0 0 1\nf 1/1/1 2//1 3 -1\n',
    );
    expect(plain(readMesh(file))).toEqual({
      vertices: [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0],
      faces: [0, 1, 2, 0, 2, 3],
      colors: [1, 0, 0, 0, 0.2, 0, 0, 0, 1, 0, 0, 0],
    });
  });

  it.each([
    ['v 0 0\n', 'readObj: expected a number on line 1, got nothing.'],
    ['v 0 0 0\nf 1 2 3\n', 'readObj: expected faces to name vertices 1 … 1, got 2.'],
    ['v 0 0 0\nf 0 0 0\n', 'readObj: expected a vertex from 1 on line 2, got 0.'],
    ['hello\n', 'readObj: expected vertices, found none.'],
    ['ply\nformat ascii 1.0\n', 'readPly: expected a header from ply to end_header, found none.'],
    ['ply\nformat ascii 2\nelement vertex 1\nproperty half x\nend_header\n', 'readPly: expected a type among'],
    [
      'ply\nformat binary_little_endian 1.0\nelement vertex 1000000\nproperty float x\nproperty float y\nproperty float z\nend_header\nab',
      'readPly: expected 1000000 vertex, the file has room for fewer.',
    ],
    [
      'ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nend_header\n1 2\n',
      'readPly: expected a number, got the end of the file.',
    ],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => readMesh(bytes(text))).toThrow(FileFormatError);
    expect(() => readMesh(bytes(text))).toThrow(message);
  });
});
