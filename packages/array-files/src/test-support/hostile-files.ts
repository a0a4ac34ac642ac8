import { FileFormatError, type Rng } from '@opposable/tensor-checks';

const EXTREMES = [0, 1, 0x7f, 0x80, 0xff];

/** A copy with one to eight changes: bytes flipped, words set to extreme values, pieces cut, doubled or moved. */
export function mutate(bytes: Uint8Array, rng: Rng): Uint8Array {
  let mutant = bytes.slice();
  const changes = rng.integer(1, 8);
  for (let i = 0; i < changes && mutant.length > 0; i++) {
    const at = rng.integer(0, mutant.length - 1);
    const length = rng.integer(1, Math.min(16, mutant.length - at));
    const kind = rng.integer(0, 5);
    if (kind === 0) mutant[at] = mutant[at]! ^ (1 << rng.integer(0, 7));
    else if (kind === 1) mutant[at] = rng.integer(0, 255);
    else if (kind === 2) mutant.fill(rng.pick(EXTREMES), at, at + rng.pick([1, 2, 4, 8]));
    else if (kind === 3) mutant = mutant.slice(0, at);
    else if (kind === 4) mutant = new Uint8Array([...mutant.subarray(0, at), ...mutant.subarray(at + length)]);
    else mutant = new Uint8Array([...mutant.subarray(0, at + length), ...mutant.subarray(at)]);
  }
  return mutant;
}

/** Reads a hostile file: a result and a FileFormatError in one sentence are fine, anything else fails the test. */
export function survives(read: (bytes: Uint8Array) => unknown, bytes: Uint8Array): boolean {
  try {
    read(bytes);
    return true;
  } catch (error) {
    if (!(error instanceof FileFormatError)) throw error;
    if (!/^read[A-Z]\w+[^\n]*\.$/.test(error.message)) throw new Error('not one sentence', { cause: error });
    return false;
  }
}

/** Reads `count` mutants of the files and gives the number that was refused and the longest time one took. */
export function fuzz(read: (bytes: Uint8Array) => unknown, files: readonly Uint8Array[], count: number, rng: Rng) {
  let refused = 0;
  let slowest = 0;
  for (let i = 0; i < count; i++) {
    const mutant = mutate(files[i % files.length]!, rng.split(i));
    const start = performance.now();
    if (!survives(read, mutant)) refused++;
    slowest = Math.max(slowest, performance.now() - start);
  }
  return { refused, slowest };
}
