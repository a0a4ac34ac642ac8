import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ArrayInput, writeNpz, writeSafetensors } from '@opposable/array-files';
import { createRng, FileFormatError, ManoModelError } from '@opposable/tensor-checks';
import { loadManoModel as loadFromPath } from '../node/load-mano-model.js';
import { manoSizedHand, syntheticHand } from '../test-support/synthetic-hand.js';
import type { ManoModel } from '../types.js';
import { loadManoModel } from './load-mano-model.js';
import { manoModelFromArrays } from './mano-model-from-arrays.js';
import { manoModelToArrays } from './mano-model-to-arrays.js';

const rng = createRng(6);
const colored: ManoModel = {
  ...syntheticHand({ rng: rng.split('model'), arrayType: Float64Array }),
  vertexColors: new Float32Array(180).map(() => rng.uniform()),
};
const arrays = manoModelToArrays(colored);
const side = 'right' as const;
const topology = 'synthetic';

describe('loadManoModel', () => {
  it('reads back what was written as .safetensors, with side, mesh, landmarks and colours', async () => {
    const bytes = writeSafetensors(arrays, { side: 'left', topology });
    expect(await loadManoModel(bytes)).toEqual({ ...colored, side: 'left' });
    expect((await loadManoModel(bytes, { side: 'right', topology: 'other' })).topology).toBe('other');
  });

  it.each(['stored', 'deflate'] as const)('reads back what was written as .npz (%s)', async (compression) => {
    const model = await loadManoModel(writeNpz(arrays, { compression }), { side, topology });
    expect(model).toEqual(colored);
  });

  it('takes a mesh of MANO’s size for MANO’s, without landmarks', async () => {
    const model = manoSizedHand(rng.split('mano'));
    expect(await loadManoModel(writeNpz(manoModelToArrays(model)).slice().buffer, { side: 'left' })).toEqual({
      ...model,
      side: 'left',
    });
  });

  it('reads paths and file URLs under ./node, and says when there is no such file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mano-layer-'));
    const path = join(folder, 'hand.npz');
    await writeFile(path, writeNpz(arrays));
    expect((await loadFromPath(path, { side, topology })).vertexCount).toBe(60);
    expect((await loadFromPath(pathToFileURL(path), { side, topology })).vertexCount).toBe(60);
    expect((await loadFromPath(writeNpz(arrays), { side, topology })).vertexCount).toBe(60);
    await rm(folder, { recursive: true });
    await expect(loadFromPath(path, { side })).rejects.toThrow(FileFormatError);
    await expect(loadFromPath(path, { side })).rejects.toThrow(`loadManoModel: cannot read '${path}' (ENOENT).`);
  });

  it('asks for the side where the file does not say it', async () => {
    await expect(loadManoModel(writeNpz(arrays), { topology })).rejects.toThrow(
      'loadManoModel: expected options.side to be left or right, got none (the file does not say it).',
    );
  });

  it.each([
    ['a pickle of protocol 2', [0x80, 2, 0x7d], 'got a Python pickle (.pkl), which this version does not read'],
    ['a pickle of protocol 0', [0x28, 0x64, 0x70], 'got a Python pickle'],
    ['nothing', [], 'got an empty file'],
    ['an image', [0x89, 0x50, 0x4e, 0x47], 'got another format'],
  ])('names the formats it accepts when given %s', async (_, bytes, found) => {
    const load = loadManoModel(Uint8Array.from(bytes), { side });
    await expect(load).rejects.toThrow(FileFormatError);
    await expect(load).rejects.toThrow(`expected a model as .npz or .safetensors, ${found}`);
  });

  it('passes on what is wrong with a broken archive', async () => {
    const bytes = writeNpz(arrays);
    await expect(loadManoModel(bytes.subarray(0, 5000), { side })).rejects.toThrow(FileFormatError);
  });
});

describe('manoModelFromArrays', () => {
  const options = { side, topology };
  const changed = (name: string, array: ArrayInput | undefined) =>
    manoModelFromArrays.bind(null, { ...arrays, [name]: array as never }, options);

  it('takes every width of number and a root parent that wrapped round', () => {
    const parents = [...colored.parents].map((parent) => (parent < 0 ? 2 ** 32 - 1 : parent));
    const ids = Array.from({ length: 16 }, (_, j) => j);
    const model = manoModelFromArrays(
      {
        ...arrays,
        kintree_table: { shape: [2, 16], data: Uint32Array.from([...parents, ...ids]) },
        f: { shape: [colored.faces.length / 3, 3], data: BigInt64Array.from(colored.faces, BigInt) },
      },
      options,
    );
    expect([...model.parents]).toEqual([...colored.parents]);
    expect(model.faces).toEqual(colored.faces);
    const wide = BigUint64Array.from([2n ** 64n - 1n, ...parents.slice(1).map(BigInt), ...ids.map(BigInt)]);
    expect(changed('kintree_table', { shape: [2, 16], data: wide })().parents[0]).toBe(-1);
  });

  it.each<[string, ArrayInput | undefined, string]>([
    ['posedirs', undefined, "hands_components, hands_mean, 'posedirs' is missing."],
    [
      'v_template',
      { shape: [60, 2], data: new Float32Array(120) },
      'expected v_template of shape [V, 3], got [60, 2].',
    ],
    [
      'shapedirs',
      { shape: [59, 3, 10], data: new Float32Array(1770) },
      'expected shapedirs of shape [60, 3, S], got [59, 3, 10].',
    ],
    [
      'weights',
      { shape: [60, 16], data: new Float32Array(5) },
      'expected weights of shape [60, 16], got [60, 16] with 5 numbers.',
    ],
    [
      'weights',
      { shape: [60, 16], data: new Float32Array(960) },
      'skinning weights of every vertex to sum to 1, got 0 at vertex 0.',
    ],
    [
      'hands_mean',
      { shape: [45], data: new Float32Array(45).fill(NaN) },
      'expected finite numbers in handsMean, got NaN at 0.',
    ],
    [
      'v_template',
      { shape: [60, 3], data: new Float32Array(180).fill(Infinity) },
      'expected finite numbers in vTemplate',
    ],
    ['f', { shape: [1, 3], data: Int32Array.of(0, 1, 60) }, 'expected f to name vertices 0 to 59, got 60 in face 0.'],
    ['f', { shape: [1, 3], data: Int32Array.of(0, 1, -1) }, 'expected f to name vertices 0 to 59, got -1 in face 0.'],
    ['f', { shape: [1, 3], data: Float32Array.of(0, 1, 0.5) }, 'expected whole numbers in f, got 0.5 at 2.'],
    [
      'kintree_table',
      { shape: [2, 16], data: new Int32Array(32) },
      'row 1 of kintree_table to count the joints, got 0 at 1.',
    ],
    [
      'kintree_table',
      { shape: [2, 16], data: Int32Array.from({ length: 32 }, (_, i) => (i < 16 ? i - 1 : i - 16)) },
      "expected MANO's tree (joint 4 hangs on 0), got parent 3.",
    ],
    ['landmarks_palm', undefined, "'landmarks_palm' is missing."],
    [
      'landmarks_fingertips',
      { shape: [5], data: Int32Array.of(1, 2, 3, 4, 60) },
      'landmarks.fingertips to name vertices 0 to 59, got 60.',
    ],
  ])('names what is wrong with %s (%#)', (name, array, message) => {
    expect(changed(name, array)).toThrow(ManoModelError);
    expect(changed(name, array)).toThrow(message);
  });

  it('asks for the name of a mesh that is not MANO’s', () => {
    expect(() => manoModelFromArrays(arrays as never, { side })).toThrow(
      "expected options.topology for a mesh that is not MANO's (60 vertices, 116 faces).",
    );
  });
});
