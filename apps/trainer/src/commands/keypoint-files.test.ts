import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { readNpz, writeNpy, writeNpz } from '@opposable/array-files';
import { pyArray, pyDict, writePython2Pickle } from '@opposable/array-files/testing';
import { loadOpenHand } from '@opposable/open-hand';
import { linearBlendSkinning } from '@opposable/skinning/host';
import { createProgram } from '../program.js';

let folder: string;
let said: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opposable-keypoints-'));
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => (said += String(text)) !== '');
});
beforeEach(() => (said = ''));
afterAll(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const run = (...words: string[]) =>
  createProgram(new AbortController().signal).parseAsync(['node', 'opposable', ...words]);

/** Where the 16 joints of the model and the tips T, I, M, R, L behind them go. */
const ORDERS: Readonly<Record<string, readonly number[]>> = {
  // prettier-ignore
  panoptic: [0, 13, 14, 15, 16, 1, 2, 3, 17, 4, 5, 6, 18, 10, 11, 12, 19, 7, 8, 9, 20],
  // prettier-ignore
  mano: [0, 1, 2, 3, 17, 4, 5, 6, 18, 7, 8, 9, 20, 10, 11, 12, 19, 13, 14, 15, 16],
  // prettier-ignore
  interhand: [16, 15, 14, 13, 17, 3, 2, 1, 18, 6, 5, 4, 19, 12, 11, 10, 20, 9, 8, 7, 0],
  // prettier-ignore
  rhd: [0, 16, 15, 14, 13, 17, 3, 2, 1, 18, 6, 5, 4, 19, 12, 11, 10, 20, 9, 8, 7],
};

/** The open hand at rest in an order, [21, 3] metres, twice. */
function openHands(order: string): Float64Array {
  const hand = loadOpenHand('right');
  const rotations = Float64Array.from({ length: 16 * 9 }, (_, i) =>
    i % 9 === 0 || i % 9 === 4 || i % 9 === 8 ? 1 : 0,
  );
  const { vertices, joints } = linearBlendSkinning(hand, { betas: new Float64Array(10), rotations, transl: [0, 0, 0] });
  const { thumb, index, middle, ring, pinky } = hand.landmarks!.fingertips;
  const tips = [thumb, index, middle, ring, pinky];
  const raw = [...joints, ...tips.flatMap((v) => Array.from(vertices.subarray(3 * v, 3 * v + 3)))];
  const indices = ORDERS[order]!;
  const one = indices.flatMap((i) => raw.slice(3 * i, 3 * i + 3));
  return Float64Array.from([...one, ...one]);
}

describe('opposable inspect-order', () => {
  it.each(['panoptic', 'mano', 'interhand'])('finds %s in npy, npz, pickle and JSON', async (order) => {
    const data = openHands(order);
    const array = { shape: [2, 21, 3], data };
    const rows = Array.from({ length: 42 }, (_, i) => Array.from(data.subarray(3 * i, 3 * i + 3)));
    const files: Record<string, Uint8Array | string> = {
      'a.npy': writeNpy(array),
      'a.npz': writeNpz({ xyz: array, K: { shape: [3, 3], data: new Float64Array(9) } }),
      'a.pkl': writePython2Pickle(pyDict({ xyz: pyArray(array), name: 'hand' })),
      'a.json': JSON.stringify([rows.slice(0, 21), rows.slice(21)]),
    };
    for (const [name, bytes] of Object.entries(files)) {
      await writeFile(join(folder, name), bytes);
      said = '';
      await run('inspect-order', join(folder, name));
      expect([name, said]).toEqual([name, expect.stringContaining(`order '${order}'; sure`)]);
      expect(said).toContain('2 hands in 3D');
    }
  });

  it('prints JSON, and the place that is asked for', async () => {
    const data = openHands('rhd');
    await writeFile(join(folder, 'b.npz'), writeNpz({ a: { shape: [2, 21, 3], data }, b: { shape: [2, 63], data } }));
    await run('inspect-order', join(folder, 'b.npz'), '--field', 'b', '--json');
    const { keypoints } = JSON.parse(said) as { keypoints: { path: string; best: { order: string } }[] };
    expect(keypoints.map(({ path, best }) => [path, best.order])).toEqual([['b', 'rhd']]);
  });

  it('says what a file has instead', async () => {
    await writeFile(join(folder, 'c.json'), JSON.stringify({ K: [1, 2, 3] }));
    await expect(run('inspect-order', join(folder, 'c.json'))).rejects.toThrow(
      'c.json: expected arrays of 21 keypoints, found none; accepted are [N, 21, 2 or 3], [N, 42], [N, 63] and [3, 21, N].',
    );
  });
});

/** One variable of doubles in a MAT file of version 5, `values` column-major. */
function matFile(name: string, shape: number[], values: Float64Array): Uint8Array {
  const element = (type: number, payload: Uint8Array): Buffer => {
    const tag = Buffer.alloc(8);
    tag.writeUInt32LE(type, 0);
    tag.writeUInt32LE(payload.length, 4);
    return Buffer.concat([tag, payload, Buffer.alloc((8 - (payload.length % 8)) % 8)]);
  };
  const bytes = (array: { buffer: ArrayBufferLike }) => new Uint8Array(array.buffer);
  const header = Buffer.alloc(128);
  header.write('MATLAB 5.0 MAT-file'.padEnd(116), 'latin1');
  header.writeUInt16LE(0x0100, 124);
  header.write('IM', 126, 'latin1');
  const parts = [
    element(6, bytes(Uint32Array.of(6, 0))),
    element(5, bytes(Int32Array.from(shape))),
    element(1, Buffer.from(name, 'latin1')),
    element(9, bytes(values)),
  ];
  return Buffer.concat([header, element(14, Buffer.concat(parts))]);
}

describe('opposable mm2px', () => {
  it('projects every sequence into every camera', async () => {
    const frames = 2;
    const mm = Float64Array.from({ length: 63 * frames }, (_, i) => (i % 3 === 2 ? 500 + i : 3 * (i % 40) - 60));
    await mkdir(join(folder, 'labels'));
    for (let background = 1; background <= 6; background++) {
      for (const kind of ['Counting', 'Random']) {
        for (const device of ['BB', 'SK']) {
          const file = `B${background}${kind}_${device}.mat`;
          await writeFile(join(folder, 'labels', file), matFile('handPara', [3, 21, frames], mm));
        }
      }
    }
    const out = join(folder, 'px.npz');
    await run('mm2px', folder, '--out', out);
    const arrays = await readNpz(await readFile(out));
    expect(Object.keys(arrays)).toHaveLength(48);
    expect(said).toContain('48 arrays, 96 frames');
    for (const [name, shift] of [
      ['B1Counting_BB_left', 0],
      ['B6Random_BB_right', 120.054],
    ] as const) {
      const { shape, data } = arrays[name]!;
      expect(shape).toEqual([frames, 21, 2]);
      for (let i = 0; i < 21 * frames; i++) {
        const [x, y, z] = [mm[3 * i]!, mm[3 * i + 1]!, mm[3 * i + 2]!];
        expect(data[2 * i]).toBeCloseTo((822.79041 * (x - shift)) / z + 318.47345, 9);
        expect(data[2 * i + 1]).toBeCloseTo((822.79041 * y) / z + 250.31296, 9);
      }
    }
    const depth = arrays['B3Random_SK_depth']!.data;
    expect(depth[0]).toBeCloseTo((475.62768 * mm[0]!) / mm[2]! + 336.41179, 9);
  });

  it('refuses a folder without labels, and another file type', async () => {
    await expect(run('mm2px', join(folder, 'none'), '--out', 'x.npz')).rejects.toThrow('there is no folder');
    await expect(run('mm2px', folder, '--out', 'x.csv')).rejects.toThrow();
  });
});
