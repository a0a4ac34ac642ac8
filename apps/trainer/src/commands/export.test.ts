import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { writeNpz } from '@opposable/array-files';
import { axisAngleToMatrix } from '@opposable/geometry/host';
import { manoModelToArrays } from '@opposable/mano-layer/files';
import { loadOpenHand } from '@opposable/open-hand';
import { linearBlendSkinning } from '@opposable/skinning/host';
import { createProgram } from '../program.js';

let folder: string;
let said: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opposable-export-'));
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => (said += String(text)) !== '');
});
beforeEach(() => (said = ''));
afterAll(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const exported = (out: string, ...words: string[]): Promise<Buffer> => exportedFrom('open-hand', out, ...words);

async function exportedFrom(model: string, out: string, ...words: string[]): Promise<Buffer> {
  const file = join(folder, out);
  await createProgram(new AbortController().signal).parseAsync(['node', 'opposable', 'export', model, file, ...words]);
  return readFile(file);
}

/** Vertices of a PLY in text. */
function plyVertices(text: string, count: number): number[] {
  const lines = text.slice(text.indexOf('end_header\n') + 11).split('\n');
  return lines.slice(0, count).flatMap((line) => line.split(' ').slice(0, 3).map(Number));
}

describe('opposable export', () => {
  it('writes the shaped and posed hand', async () => {
    const words = '--betas 1,-0.5 --pose 1.5,-1 --orient 0.1,0.2,0.3 --transl 0,0.1,0.4 --side left --ascii';
    const text = (await exported('hand.ply', ...words.split(' '))).toString('latin1');
    expect(said).toMatch(/hand\.ply: left hand 'open-hand', 1159 vertices, \d+ bytes\n$/);
    const hand = loadOpenHand('left');
    const pose = [0.1, 0.2, 0.3];
    for (let k = 0; k < 45; k++) {
      pose.push(hand.handsMean[k]! + 1.5 * hand.handsComponents[k]! - hand.handsComponents[45 + k]!);
    }
    const rotations = Array.from({ length: 16 }, (_, j) => [...axisAngleToMatrix(pose.slice(j * 3, j * 3 + 3))]).flat();
    const { vertices } = linearBlendSkinning(hand, {
      betas: [1, -0.5, ...Array<number>(8).fill(0)],
      rotations,
      transl: [0, 0.1, 0.4],
    });
    const found = plyVertices(text, hand.vertexCount);
    expect(found).toHaveLength(vertices.length);
    expect(Math.max(...found.map((value, i) => Math.abs(value - vertices[i]!)))).toBeLessThan(1e-6);
  });

  it('takes axis-angle vectors on the flat hand, and nothing as the mean pose', async () => {
    const zeros = Array<number>(45).fill(0).join(',');
    const hand = loadOpenHand('right');
    const flat = await exported('flat.ply', '--ascii', '--axis-angle', '--flat-hand-mean', '--pose', zeros);
    const found = plyVertices(flat.toString('latin1'), hand.vertexCount);
    expect(Math.max(...found.map((value, i) => Math.abs(value - hand.vTemplate[i]!)))).toBeLessThan(1e-6);
    const mean = await exported('mean.obj');
    const zero = await exported('zero.obj', '--axis-angle', '--pose', zeros);
    expect(mean.toString().replace('o mean', 'o zero')).toBe(zero.toString());
  });

  it('exports a hand of any mesh, and asks by its own options for what a file does not tell', async () => {
    const { landmarks_fingertips: _tips, landmarks_palm: _palm, ...arrays } = manoModelToArrays(loadOpenHand('left'));
    const file = join(folder, 'some-hand.npz');
    await writeFile(file, writeNpz(arrays));
    const glb = await exportedFrom(file, 'some.glb');
    expect(glb.subarray(0, 4).toString('latin1')).toBe('glTF');
    expect(said).toMatch(/some\.glb: left hand 'unnamed', 1159 vertices, \d+ bytes\n$/);
    await expect(exportedFrom(file, 'other.glb', '--side', 'right')).rejects.toThrow(
      /some-hand\.npz: expected a right hand, got a left hand by its shape; leave --side out/,
    );
    const flat = { ...arrays, v_template: { shape: [1159, 3], data: new Float64Array(3477) } };
    await writeFile(file, writeNpz(flat));
    await expect(exportedFrom(file, 'other.glb')).rejects.toThrow(
      /some-hand\.npz: expected --side to be left or right/,
    );
    expect((await exportedFrom(file, 'other.ply', '--side', 'right')).length).toBeGreaterThan(1000);
  });

  it('writes GLB, and nothing where the input is bad', async () => {
    const glb = await exported('hand.glb', '--frame', 'image');
    expect(glb.subarray(0, 4).toString('latin1')).toBe('glTF');
    const json = JSON.parse(glb.subarray(20, 20 + glb.readUInt32LE(12)).toString()) as {
      skins: { joints: number[] }[];
    };
    expect(json.skins[0]!.joints).toHaveLength(16);
    await writeFile(join(folder, 'model.npz'), 'no model');
    const before = await readdir(folder);
    const program = createProgram(new AbortController().signal);
    const out = join(folder, 'bad.glb');
    await expect(program.parseAsync(['node', 'opposable', 'export', join(folder, 'model.npz'), out])).rejects.toThrow();
    await expect(exported('bad.glb', '--ascii')).rejects.toThrow('--ascii is accepted only for .ply, got .glb.');
    await expect(exported('bad.glb', '--pose', '1', '--axis-angle')).rejects.toThrow('expected 45 numbers');
    expect(await readdir(folder)).toEqual(before);
  });
});
