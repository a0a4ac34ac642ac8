import { parseMat } from '../mat/read-mat.js';
import { parseNpy } from '../numpy/read-npy.js';
import { parseNpz } from '../numpy/read-npz.js';
import { parsePickle } from '../pickle/read-pickle.js';
import { readArrays } from '../read-arrays.js';
import { parseSafetensors } from '../safetensors/read-safetensors.js';
import { writeSafetensors } from '../safetensors/write-safetensors.js';
import { writeModelPickle } from '../testing/index.js';
import { parseTorchCheckpoint } from '../torch/read-torch-checkpoint.js';
import { fixture } from './fixtures.js';

const MAX_BYTES = 1 << 24;

const safetensors = writeSafetensors(
  {
    weight: { shape: [3, 4], data: Float32Array.from({ length: 12 }, (_, i) => i / 7) },
    flags: { dtype: 'bool', shape: [3], data: new Uint8Array([1, 0, 1]) },
    step: { shape: [], data: new BigInt64Array([7n]) },
  },
  { seed: '7' },
);

/** A model file in small, with chumpy, scipy and numpy as Python 2 pickled them. */
const model = writeModelPickle({
  v_template: { shape: [4, 3], data: Float64Array.from({ length: 12 }, (_, i) => i / 8) },
  shapedirs: { shape: [4, 3, 2], data: Float64Array.from({ length: 24 }, (_, i) => i / 16) },
  J_regressor: { shape: [2, 4], data: new Float64Array([0, 0.5, 0, 0.5, 1, 0, 0, 0]) },
  f: { shape: [2, 3], data: new Uint32Array([0, 1, 2, 1, 2, 3]) },
  bs_style: 'lbs',
});

export interface HostileFormat {
  readonly name: string;
  readonly read: (bytes: Uint8Array) => unknown;
  /** A few valid files. */
  readonly files: readonly Uint8Array[];
  /** How many of the ways to cut one file off leave a valid file. Default 0. */
  readonly wholeWhenCut?: number;
  /** The same files are cut off elsewhere. */
  readonly isCutElsewhere?: boolean;
  /** Mutants of the fast test and of the slow one. Default 500 and 20,000. */
  readonly mutants?: readonly [number, number];
}

/** Every reader with a few valid files of its format. A new format gets its row here. */
export const FORMATS: readonly HostileFormat[] = [
  {
    name: 'pickle',
    read: parsePickle,
    files: [...[0, 1, 2, 3, 4, 5].map((n) => fixture(`pickle/small${n}.pkl`)), model],
  },
  {
    name: 'torch',
    read: (bytes) => parseTorchCheckpoint(bytes, { maxBytes: MAX_BYTES }),
    files: ['torch/small-zip.pth', 'torch/small-legacy.pth'].map(fixture),
  },
  { name: 'safetensors', read: parseSafetensors, files: [safetensors] },
  {
    name: 'npy',
    read: (bytes) => parseNpy(bytes, { dtypes: 'all' }),
    files: [
      ...['f8.npy', 'f4-fortran.npy', 'c8-big-fortran.npy', 'version3.npy'],
      ...['pickle/objects.npy', 'pickle/recordsFortran.npy', 'pickle/unicode.npy'],
    ].map(fixture),
  },
  {
    name: 'npz',
    read: (bytes) => parseNpz(bytes, { maxBytes: MAX_BYTES, dtypes: 'all' }),
    files: ['deflated.npz', 'stored.npz', 'pickle/mixed.npz'].map(fixture),
  },
  {
    name: 'mat',
    read: (bytes) => parseMat(bytes, { maxBytes: MAX_BYTES }),
    files: ['plain.mat', 'handmade-big.mat', 'compressed.mat', 'handmade-little.mat'].map(fixture),
    // a MAT file has no length of its own: cut between two variables it is a shorter MAT file
    wholeWhenCut: 40,
  },
  {
    name: 'any',
    read: (bytes) => readArrays(bytes, { maxBytes: MAX_BYTES }),
    files: [
      safetensors,
      model,
      ...['pickle/small0.pkl', 'f8.npy', 'deflated.npz', 'torch/small-zip.pth', 'handmade-big.mat'].map(fixture),
    ],
    isCutElsewhere: true,
  },
];
