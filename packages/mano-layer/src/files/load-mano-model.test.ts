import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ArrayInput, writeNpy, writeNpz, writeSafetensors } from '@opposable/array-files';
import { pyArray, pyDict, writeModelPickle, writePython2Pickle } from '@opposable/array-files/testing';
import { createRng, FileFormatError, ManoModelError } from '@opposable/tensor-checks';
import { mirrorModel } from '../conventions/mirror-model.js';
import { negateShapeX } from '../conventions/left-shape-bug.js';
import { loadManoModel as loadFromPath } from '../node/load-mano-model.js';
import { differingFields } from '../test-support/same-model.js';
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
    expect(differingFields(await loadManoModel(bytes), { ...colored, side: 'left' })).toEqual([]);
    expect((await loadManoModel(bytes, { side: 'right', topology: 'other' })).topology).toBe('other');
  });

  it.each(['stored', 'deflate'] as const)('reads back what was written as .npz (%s)', async (compression) => {
    const model = await loadManoModel(writeNpz(arrays, { compression }), { side, topology });
    expect(differingFields(model, colored)).toEqual([]);
  });

  it('takes a mesh of MANO’s size for MANO’s, without landmarks', async () => {
    const model = manoSizedHand(rng.split('mano'));
    expect(differingFields(await loadManoModel(writeNpz(manoModelToArrays(model)).slice().buffer), model)).toEqual([]);
  });

  it('takes a model at hand, checked', async () => {
    expect(await loadManoModel(colored)).toBe(colored);
    const landmarks = { ...colored.landmarks!, palm: [1, 2] };
    expect((await loadManoModel(colored, { landmarks })).landmarks).toBe(landmarks);
    await expect(loadManoModel({ ...colored, handsMean: new Float32Array(3) })).rejects.toThrow(ManoModelError);
    const right = manoSizedHand(rng.split('at hand'));
    await expect(loadManoModel(right, { side: 'left' })).rejects.toThrow('expected a left hand, got a right hand');
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
      'loadManoModel: expected options.side to be left or right, got none (neither the file nor the shape of the hand says it).',
    );
  });

  it.each([
    ['nothing', [], 'the file is empty'],
    ['an image', [0x89, 0x50, 0x4e, 0x47], 'the file starts with the bytes 89 50 4e 47'],
  ])('names the formats it accepts when given %s', async (_, bytes, found) => {
    const load = loadManoModel(Uint8Array.from(bytes), { side });
    await expect(load).rejects.toThrow(FileFormatError);
    await expect(load).rejects.toThrow(found);
    await expect(load).rejects.toThrow('pickle');
  });

  it('asks for fields by name where the file holds one array', async () => {
    await expect(loadManoModel(writeNpy({ shape: [3], data: new Float32Array(3) }))).rejects.toThrow(
      'loadManoModel: expected the npy file to hold fields by name, got another value.',
    );
  });

  it('passes on what is wrong with a broken archive', async () => {
    const bytes = writeNpz(arrays);
    await expect(loadManoModel(bytes.subarray(0, 5000), { side })).rejects.toThrow(FileFormatError);
  });
});

describe('loadManoModel with the files of MANO’s authors', () => {
  const right = manoSizedHand(rng.split('right'));
  const wide: ManoModel = {
    ...right,
    vTemplate: Float64Array.from(right.vTemplate),
    shapeDirs: Float64Array.from(right.shapeDirs),
    poseDirs: Float64Array.from(right.poseDirs),
    jRegressor: Float64Array.from(right.jRegressor),
    lbsWeights: Float64Array.from(right.lbsWeights),
    handsComponents: Float64Array.from(right.handsComponents),
    handsMean: Float64Array.from(right.handsMean),
  };
  const left = mirrorModel(wide);
  /** Every field of a MANO pickle, the root's parent wrapped round as in the real ones. */
  const pickleFields = (model: ManoModel): Record<string, ArrayInput | string> => {
    const { kintree_table: _, ...rest } = manoModelToArrays(model);
    const table = Uint32Array.from([...model.parents, ...Array.from({ length: 16 }, (_, j) => j)]);
    return {
      ...rest,
      kintree_table: { shape: [2, 16], data: table },
      J: { shape: [16, 3], data: new Float64Array(48) },
      hands_coeffs: { shape: [3, 45], data: new Float64Array(135) },
      bs_style: 'lbs',
      bs_type: 'lrotmin',
    };
  };

  it.each(['select', 'ch', 'array'] as const)(
    'reads a Python 2 pickle whose shapedirs are a chumpy %s, and knows the side',
    async (shapedirs) => {
      expect(differingFields(await loadManoModel(writeModelPickle(pickleFields(wide), { shapedirs })), wide)).toEqual(
        [],
      );
    },
  );

  it('reads pickles without chumpy and with newer module names', async () => {
    const bytes = writeModelPickle(pickleFields(wide), {
      shapedirs: 'array',
      sparse: [],
      multiarray: 'numpy._core.multiarray',
    });
    expect(differingFields(await loadManoModel(bytes), wide)).toEqual([]);
  });

  it('puts the shape directions of MANO_LEFT as distributed right, once', async () => {
    const distributed = writeModelPickle(pickleFields(negateShapeX(left)));
    expect(differingFields(await loadManoModel(distributed), left)).toEqual([]);
    expect(differingFields(await loadManoModel(distributed, { leftShapeFix: 'on' }), left)).toEqual([]);
    expect(differingFields(await loadManoModel(distributed, { leftShapeFix: 'off' }), negateShapeX(left))).toEqual([]);
    const fixed = writeModelPickle(pickleFields(left));
    expect(differingFields(await loadManoModel(fixed), left)).toEqual([]);
    expect(
      differingFields(await loadManoModel(writeModelPickle(pickleFields(wide)), { leftShapeFix: 'on' }), wide),
    ).toEqual([]);
    await expect(loadManoModel(fixed, { leftShapeFix: 'yes' as never })).rejects.toThrow(
      'loadManoModel: expected leftShapeFix to be auto, on or off, got yes.',
    );
  });

  it('refuses to guess the sign of shape directions that do not tell it', async () => {
    const noise = { ...left, shapeDirs: left.shapeDirs.map(() => rng.normal(0, 0.002)) };
    const bytes = writeModelPickle(pickleFields(noise));
    await expect(loadManoModel(bytes)).rejects.toThrow('loadManoModel: cannot tell whether this left hand');
    expect((await loadManoModel(bytes, { leftShapeFix: 'off' })).side).toBe('left');
  });

  it('refuses the other hand’s file', async () => {
    const load = loadManoModel(writeModelPickle(pickleFields(wide)), { side: 'left' });
    await expect(load).rejects.toThrow('loadManoModel: expected a left hand, got a right hand by its shape');
  });

  it.each<[string, ArrayInput | string, string]>([
    ['weights', 'none', 'loadManoModel: expected weights to be an array of numbers or a sparse matrix, got a string.'],
    [
      'v_template',
      { shape: [778, 3], data: new Float64Array(2334).fill(NaN) },
      'expected finite numbers in vTemplate, got NaN at 0.',
    ],
    [
      'J_regressor',
      { shape: [24, 778], data: new Float64Array(24 * 778) },
      'expected J_regressor of shape [16, 778], got [24, 778].',
    ],
    [
      'kintree_table',
      { shape: [2, 16], data: Int32Array.from({ length: 32 }, (_, i) => (i === 0 ? -1 : i < 16 ? i : i - 16)) },
      'expected the parent of joint 1 to be a joint before it (0 to 0), got 1.',
    ],
    ['weights', { shape: [778, 16], data: new Float64Array(778 * 16) }, 'sum to 1, got 0 at vertex 0.'],
  ])('says in a sentence what is wrong with %s (%#)', async (name, value, message) => {
    const load = loadManoModel(writeModelPickle({ ...pickleFields(wide), [name]: value }));
    await expect(load).rejects.toThrow(ManoModelError);
    await expect(load).rejects.toThrow(message);
  });

  it('refuses a small file that claims a huge regressor', async () => {
    const ints = (values: number[]) => pyArray({ shape: [values.length], data: Int32Array.from(values) });
    const huge = {
      kind: 'instance',
      module: 'scipy.sparse.coo',
      name: 'coo_matrix',
      by: 'new',
      args: [],
      state: pyDict({
        _shape: { kind: 'tuple', items: [16, 2_000_000_000] },
        row: ints([3]),
        col: ints([5]),
        data: pyArray({ shape: [1], data: Float64Array.of(1) }),
      }),
    } as const;
    await expect(loadManoModel(writePython2Pickle(pyDict({ J_regressor: huge })))).rejects.toThrow(
      'loadManoModel: expected at most 4194304 elements in J_regressor, got 16 × 2000000000.',
    );
  });

  it('refuses pickles of something else', async () => {
    await expect(loadManoModel(writePython2Pickle('hello'))).rejects.toThrow(ManoModelError);
    await expect(loadManoModel(writePython2Pickle({ kind: 'list', items: [1] }))).rejects.toThrow(
      'expected the pickle file to hold fields by name',
    );
    await expect(loadManoModel(writePython2Pickle(pyDict({ f: 1 })))).rejects.toThrow('expected f to be an array');
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

  it('calls a mesh that is not MANO’s unnamed where nobody names it', () => {
    expect(manoModelFromArrays(arrays as never, { side }).topology).toBe('unnamed');
    expect(manoModelFromArrays(arrays as never, { side, topology: 'mine' }).topology).toBe('mine');
  });
});
