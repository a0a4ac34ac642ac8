import { readFileSync } from 'node:fs';
import type { Rng } from '@opposable/tensor-checks';
import { readHdf5 } from '../hdf5/read-hdf5.js';
import { readMat } from '../mat/read-mat.js';
import { mutate, survives } from './hostile-files.js';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../hdf5/fixtures/${name}`, import.meta.url)));

/** Both readers of HDF5 with a few valid files. */
export const HDF5_FORMATS = [
  { name: 'HDF5', read: readHdf5, files: ['small.h5', 'latest.h5', 'earliest.h5', 'small.h5'].map(fixture) },
  { name: 'MAT 7.3', read: readMat, files: ['matlab.mat', 'hdf5storage.mat'].map(fixture) },
];

/** A copy with one to six changes that keep its length: HDF5 sees at once that a length has changed. */
function overwrite(bytes: Uint8Array, rng: Rng): Uint8Array {
  const mutant = bytes.slice();
  const changes = rng.integer(1, 6);
  for (let i = 0; i < changes; i++) {
    const at = rng.integer(0, mutant.length - 1);
    const kind = rng.integer(0, 2);
    if (kind === 0) mutant[at]! ^= 1 << rng.integer(0, 7);
    else if (kind === 1) mutant[at] = rng.integer(0, 255);
    else mutant.fill(rng.pick([0, 1, 0x7f, 0x80, 0xff]), at, at + rng.pick([1, 2, 4, 8]));
  }
  return mutant;
}

/** Reads `count` mutants, two in three of the length of their file; gives how many were refused and the slowest time. */
export async function fuzzHdf5(
  read: (bytes: Uint8Array) => Promise<unknown>,
  files: readonly Uint8Array[],
  count: number,
  rng: Rng,
) {
  let refused = 0;
  let slowest = 0;
  for (let i = 0; i < count; i++) {
    const random = rng.split(i);
    const mutant = (i % 3 === 0 ? mutate : overwrite)(files[i % files.length]!, random);
    const start = performance.now();
    if (!(await survives(read, mutant))) refused++;
    slowest = Math.max(slowest, performance.now() - start);
  }
  return { refused, slowest };
}
