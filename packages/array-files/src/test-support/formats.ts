import { parseMat } from '../mat/read-mat.js';
import { parseNpy } from '../numpy/read-npy.js';
import { parseNpz } from '../numpy/read-npz.js';
import { parseSafetensors } from '../safetensors/read-safetensors.js';
import { writeSafetensors } from '../safetensors/write-safetensors.js';
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

/** Every reader with a few valid files of its format. */
export const FORMATS: readonly {
  readonly name: string;
  readonly read: (bytes: Uint8Array) => unknown;
  readonly files: readonly Uint8Array[];
}[] = [
  { name: 'safetensors', read: parseSafetensors, files: [safetensors] },
  {
    name: 'npy',
    read: parseNpy,
    files: ['f8.npy', 'f4-fortran.npy', 'c8-big-fortran.npy', 'version3.npy'].map(fixture),
  },
  {
    name: 'npz',
    read: (bytes) => parseNpz(bytes, { maxBytes: MAX_BYTES }),
    files: ['deflated.npz', 'stored.npz'].map(fixture),
  },
  {
    name: 'mat',
    read: (bytes) => parseMat(bytes, { maxBytes: MAX_BYTES }),
    files: ['plain.mat', 'handmade-big.mat', 'compressed.mat', 'handmade-little.mat'].map(fixture),
  },
];
