import { WebIO } from '@gltf-transform/core';
import { createRng } from '@opposable/tensor-checks';
import type { Mesh } from './mesh.js';
import { vertexNormals } from './vertex-normals.js';
import { writeGlb } from './write-glb.js';
import { writeObj } from './write-obj.js';

const numbersOf = (accessor: { getArray(): unknown } | null): number[] =>
  Array.from(accessor!.getArray() as ArrayLike<number>);

/** A tetrahedron, counter-clockwise seen from outside. */
const tetrahedron: Mesh = {
  vertices: [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1],
  faces: [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3],
  colors: [0, 0.5, 1, 1, 1, 1, 0.04, 0.2, 0.8, 2, -1, 0.5],
};

describe('vertexNormals', () => {
  it('gives the mean of the triangles’ normals, weighted by area', () => {
    const normals = vertexNormals(tetrahedron.vertices, tetrahedron.faces);
    const third = 1 / Math.sqrt(3);
    [-third, -third, -third].forEach((value, i) => expect(normals[i]).toBeCloseTo(value, 14));
    // vertex 1 has the sides y = 0 and z = 0 (area ½ each) and the slanted side (1, 1, 1)/2
    [1, 0, 0].forEach((value, i) => expect(normals[3 + i]).toBeCloseTo(value, 14));
  });

  it('gives a unit vector to vertices without area', () => {
    expect([...vertexNormals([0, 0, 0, 1, 0, 0, 2, 0, 0, 5, 5, 5], [0, 1, 2])]).toEqual([
      0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1,
    ]);
  });
});

describe('writeGlb', () => {
  it('opens again with the same positions, triangles, unit normals and linear colours', async () => {
    const rng = createRng(2);
    const vertices = Float32Array.from({ length: 300 }, () => rng.uniform(-0.1, 0.1));
    const faces = Uint32Array.from({ length: 300 }, () => rng.integer(0, 99));
    const colors = Float32Array.from({ length: 300 }, () => rng.uniform());
    const document = await new WebIO().readBinary(
      await writeGlb({ vertices, faces, colors }, { frame: 'y-up', name: 'test' }),
    );
    const [mesh] = document.getRoot().listMeshes();
    expect(mesh!.getName()).toBe('test');
    const [primitive] = mesh!.listPrimitives();
    expect(numbersOf(primitive!.getAttribute('POSITION'))).toEqual([...vertices]);
    expect(numbersOf(primitive!.getIndices())).toEqual([...faces]);
    const normals = numbersOf(primitive!.getAttribute('NORMAL'));
    for (let v = 0; v < 300; v += 3)
      expect(Math.hypot(normals[v]!, normals[v + 1]!, normals[v + 2]!)).toBeCloseTo(1, 6);
    const linear = numbersOf(primitive!.getAttribute('COLOR_0'));
    colors.forEach((value, i) => {
      const back = linear[i]! <= 0.0031308 ? 12.92 * linear[i]! : 1.055 * linear[i]! ** (1 / 2.4) - 0.055;
      expect(back).toBeCloseTo(value, 5);
    });
    expect(document.getRoot().getDefaultScene()!.listChildren()).toHaveLength(1);
  });

  it('negates y and z of image axes, which keeps triangles outside out', async () => {
    const bytes = await writeGlb({ ...tetrahedron, colors: undefined }, { frame: 'image' });
    const [primitive] = (await new WebIO().readBinary(bytes)).getRoot().listMeshes()[0]!.listPrimitives();
    expect(numbersOf(primitive!.getAttribute('POSITION')).map((x) => x + 0)).toEqual([
      0, 0, 0, 1, 0, 0, 0, -1, 0, 0, 0, -1,
    ]);
    const third = 1 / Math.sqrt(3);
    const [x, y, z] = numbersOf(primitive!.getAttribute('NORMAL')) as [number, number, number];
    expect([x, y, z].map((value) => Number(value.toFixed(5)))).toEqual(
      [-third, third, third].map((value) => Number(value.toFixed(5))),
    );
    expect(primitive!.getAttribute('COLOR_0')).toBeNull();
  });

  it('uses wide indices for large meshes', async () => {
    const vertices = new Float32Array(70000 * 3).map((_, i) => i);
    const bytes = await writeGlb({ vertices, faces: [0, 1, 69999] }, { frame: 'y-up' });
    const [primitive] = (await new WebIO().readBinary(bytes)).getRoot().listMeshes()[0]!.listPrimitives();
    expect(numbersOf(primitive!.getIndices())).toEqual([0, 1, 69999]);
  });

  it('refuses a mesh that contradicts itself', async () => {
    const frame = 'y-up' as const;
    await expect(writeGlb({ vertices: [0, 0], faces: [] }, { frame })).rejects.toThrow(
      'expected vertices of shape [N, 3], got 2 numbers.',
    );
    await expect(writeGlb({ ...tetrahedron, faces: [0, 1, 4] }, { frame })).rejects.toThrow(
      'vertices 0 to 3, got 4 in face 0.',
    );
    await expect(writeGlb({ ...tetrahedron, faces: [0, 1, -1] }, { frame })).rejects.toThrow(
      'vertices 0 to 3, got -1 in face 0.',
    );
    await expect(writeGlb({ ...tetrahedron, vertices: [0, 0, NaN] }, { frame })).rejects.toThrow(
      'expected finite vertices, got NaN at vertex 0.',
    );
    await expect(writeGlb({ ...tetrahedron, colors: [1] }, { frame })).rejects.toThrow(
      'expected 12 numbers of colors, got 1.',
    );
    await expect(writeGlb(tetrahedron, {} as never)).rejects.toThrow(
      'writeGlb: expected frame to be image or y-up, got undefined.',
    );
  });
});

describe('writeObj', () => {
  it('writes vertices, colours and one-based triangles', () => {
    const text = writeObj(
      { ...tetrahedron, vertices: [0, 0, 0, 1, 0, 0, 0, 1 / 3, 0, 0, 0, 1e-9] },
      { frame: 'y-up', name: 'a hand' },
    );
    expect(text.split('\n')).toEqual([
      'o a hand',
      'v 0 0 0 0 0.5 1',
      'v 1 0 0 1 1 1',
      'v 0 0.33333333 0 0.04 0.2 0.8',
      'v 0 0 1e-9 1 0 0.5',
      'f 1 3 2',
      'f 1 2 4',
      'f 1 4 3',
      'f 2 3 4',
      '',
    ]);
  });

  it('writes normals beside the vertices when asked', () => {
    const lines = writeObj({ ...tetrahedron, colors: undefined }, { frame: 'y-up', normals: true }).split('\n');
    expect(lines.filter((line) => line.startsWith('vn '))[1]).toBe('vn 1 0 0');
    expect(lines.filter((line) => line.startsWith('f '))).toEqual([
      'f 1//1 3//3 2//2',
      'f 1//1 2//2 4//4',
      'f 1//1 4//4 3//3',
      'f 2//2 3//3 4//4',
    ]);
  });

  it('negates y and z of image axes', () => {
    expect(writeObj({ vertices: [1, 2, 3, 0, 0, 0, 0, 1, 0], faces: [0, 1, 2] }, { frame: 'image' })).toBe(
      'o hand\nv 1 -2 -3\nv 0 0 0\nv 0 -1 0\nf 1 2 3\n',
    );
  });
});
