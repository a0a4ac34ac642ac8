import { Document, WebIO } from '@gltf-transform/core';
import { FileFormatError } from '@opposable/tensor-checks';
import { looksLikeGlb, readGlb } from './read-glb.js';

const POSITIONS = [0, 0, 0, 1, 0, 0, 0, 1, 0];

/** Two triangles: one turned a quarter about z below a moved node, one without indices and colours if asked for. */
function file({ withColors = true, mode = 4, lastIndex = 2 } = {}): Document {
  const document = new Document();
  const buffer = document.createBuffer();
  const accessor = (type: 'VEC3' | 'SCALAR', array: Float32Array | Uint16Array) =>
    document.createAccessor().setType(type).setArray(array).setBuffer(buffer);
  const positions = accessor('VEC3', Float32Array.from(POSITIONS));
  const colors = accessor('VEC3', Float32Array.from([0, 0.5, 1, 0.2159, 0, 0, 1, 1, 1]));
  const primitive = (mesh: boolean) => {
    const made = document
      .createPrimitive()
      .setMode(mode as 4)
      .setAttribute('POSITION', positions);
    if (mesh) made.setIndices(accessor('SCALAR', Uint16Array.of(2, 1, lastIndex === 2 ? 0 : lastIndex)));
    if (mesh || withColors) made.setAttribute('COLOR_0', colors);
    return document.createMesh().addPrimitive(made);
  };
  const child = document.createNode().setMesh(primitive(true)).setRotation([0, 0, Math.SQRT1_2, Math.SQRT1_2]);
  const parent = document.createNode().setTranslation([10, 20, 30]).setScale([2, 2, 2]).addChild(child);
  const other = document.createNode().setMesh(primitive(false)).setTranslation([0, 0, 5]);
  document.createScene().addChild(parent).addChild(other);
  return document;
}

const bytesOf = (document: Document): Promise<Uint8Array> => new WebIO().writeBinary(document);

describe('readGlb', () => {
  it('joins the meshes of all nodes where they stand, with sRGB colours', async () => {
    const bytes = await bytesOf(file());
    expect(looksLikeGlb(bytes)).toBe(true);
    const { vertices, faces, colors } = await readGlb(bytes);
    const expected = [10, 20, 30, 10, 22, 30, 8, 20, 30, 0, 0, 5, 1, 0, 5, 0, 1, 5];
    expected.forEach((value, i) => expect(vertices[i]).toBeCloseTo(value, 5));
    expect([...faces]).toEqual([2, 1, 0, 3, 4, 5]);
    // linear 0.5 and 0.2159 are sRGB bytes 188 and 128
    expect([0, 1, 2, 3].map((i) => Math.round(255 * colors![i]!))).toEqual([0, 188, 255, 128]);
    expect((await readGlb(await bytesOf(file({ withColors: false })))).colors).toBeUndefined();
  });

  it('refuses what is no such file, has no triangles, or points beyond its vertices', async () => {
    const bytes = await bytesOf(file());
    const cases: [Uint8Array, string][] = [
      [bytes.subarray(0, 30), 'readGlb: expected a binary glTF 2.0 file, got '],
      [Uint8Array.of(0x67, 0x6c, 0x54, 0x46), 'readGlb: expected a binary glTF 2.0 file, got '],
      [
        await bytesOf(file({ mode: 0 })),
        'readGlb: expected triangles with positions, got points, lines, strips or nothing.',
      ],
      [
        await bytesOf(file({ lastIndex: 7 })),
        'readGlb: expected whole triangles of 3 vertices, got 3 indices up to 7.',
      ],
      [await bytesOf(new Document()), 'readGlb: expected a scene with at least one mesh, got none.'],
    ];
    for (const [given, message] of cases) {
      await expect(readGlb(given)).rejects.toThrow(FileFormatError);
      await expect(readGlb(given)).rejects.toThrow(message);
    }
  });
});
