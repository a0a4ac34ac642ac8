import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePly } from '@opposable/mano-layer/files';
import { loadOpenHand } from '@opposable/open-hand';
import { proceduralColorings } from '../colorings/procedural-colorings.js';
import { colorMeshes, readColorings } from './color-meshes.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'color-meshes-'));
  for (const name of ['scans', 'registered']) await mkdir(join(folder, name));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const [scans, registered, out] = ['scans', 'registered', 'out'].map((name) => () => join(folder, name)) as [() => string, () => string, () => string]; // prettier-ignore

describe('colorMeshes', () => {
  it('carries colours from OBJ and PLY scans to the meshes of the same names, to be read back as colourings', async () => {
    await writeFile(join(scans(), 'a.obj'), 'v 0 0 0 1 0 0\nv 10 0 0 0 1 0\nv 0 10 0 0 0 1\nv 9 9 9 1 1 1\n');
    const ply = 'ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\n';
    await writeFile(join(scans(), 'b.ply'), `${ply}property uchar red\nproperty uchar green\nproperty uchar blue\nend_header\n0 0 0 51 102 204\n`); // prettier-ignore
    const mesh = 'v 1 1 0\nv 8 1 0\nv 1 7 0\nf 1 2 3\n';
    for (const name of ['a.obj', 'b.obj']) await writeFile(join(registered(), name), mesh);
    const reports = await colorMeshes(scans(), registered(), out());
    expect(reports.map(({ name, vertices }) => [name, vertices])).toEqual([['a', 3], ['b', 3]]); // prettier-ignore
    expect(reports[0]!.distance.largest).toBeCloseTo(Math.hypot(1, 3), 9);
    expect(await readdir(out())).toEqual(['a.ply', 'b.ply']);
    const [a, b] = await readColorings(out(), 3);
    expect([...a!]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect([...b!].map((value) => Math.round(255 * value))).toEqual([51, 102, 204, 51, 102, 204, 51, 102, 204]);
    await expect(readColorings(out(), 4)).rejects.toThrow('to have 4 vertices with colours, it has 3 vertices');
  });

  it('gives the colourings that come with the open hand back from files, to a byte', async () => {
    const hand = loadOpenHand('right');
    const own = proceduralColorings(hand).slice(0, 2);
    for (const [i, colors] of own.entries()) {
      const mesh = { vertices: hand.vTemplate, faces: hand.faces };
      await writeFile(join(scans(), `${i}.ply`), writePly({ ...mesh, colors }, { frame: 'y-up' }));
      await writeFile(join(registered(), `${i}.ply`), writePly(mesh, { frame: 'y-up' }));
    }
    await colorMeshes(scans(), registered(), out());
    const read = await readColorings(out(), hand.vertexCount);
    own.forEach((colors, i) => {
      const far = colors.filter((value, k) => Math.abs(value - read[i]![k]!) > 0.5 / 255 + 1e-6);
      expect(far).toHaveLength(0);
    });
  });

  it('says what is missing', async () => {
    await expect(colorMeshes(scans(), registered(), out())).rejects.toThrow('expected .obj or .ply files in');
    await writeFile(join(registered(), 'a.obj'), 'v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n');
    await expect(colorMeshes(scans(), registered(), out())).rejects.toThrow('found none for a in');
    await writeFile(join(scans(), 'a.obj'), 'v 0 0 0\n');
    await expect(colorMeshes(scans(), registered(), out())).rejects.toThrow('to have vertex colours');
    await writeFile(join(scans(), 'a.obj'), 'v 0 zero 0\n');
    await expect(colorMeshes(scans(), registered(), out())).rejects.toThrow(
      'a.obj: readObj: expected a number on line 1',
    );
    await expect(colorMeshes(join(folder, 'none'), registered(), out())).rejects.toThrow(
      'expected a folder of .obj or .ply',
    );
  });
});
