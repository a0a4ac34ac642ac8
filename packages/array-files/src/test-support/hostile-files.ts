import { readFileSync, writeFileSync } from 'node:fs';
import { FileFormatError, type Rng } from '@opposable/tensor-checks';
import { elementCount } from '../core/dtypes.js';
import { isPlainArray } from '../numpy/kinds.js';

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

/** Most values that are looked at in one result. */
const MAX_CHECKED = 10_000;

/** A result must be whole: every array has as many numbers as its shape says. */
function checkWhole(result: unknown): void {
  const queue: unknown[] = [result];
  for (let checked = 0; queue.length > 0 && checked < MAX_CHECKED; checked++) {
    const value = queue.pop();
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) continue;
    if (isPlainArray(value)) {
      const parts = value.dtype.startsWith('complex') ? 2 : 1;
      const count = elementCount(value.shape);
      if (count === undefined || count * parts !== value.data.length) {
        throw new Error(`an array of shape [${value.shape.join(', ')}] has ${value.data.length} numbers`);
      }
      continue;
    }
    const parts: Iterable<unknown> =
      value instanceof Map
        ? [...(value as Map<unknown, unknown>)].flat()
        : Symbol.iterator in value
          ? (value as Iterable<unknown>)
          : Object.values(value);
    for (const part of parts) if (queue.length < MAX_CHECKED) queue.push(part);
  }
}

/** Reads a hostile file: a whole result and a FileFormatError in one sentence are fine, anything else fails the test. */
export async function survives(read: (bytes: Uint8Array) => unknown, bytes: Uint8Array): Promise<boolean> {
  try {
    const result = read(bytes);
    checkWhole(result instanceof Promise ? await result : result);
    return true;
  } catch (error) {
    if (!(error instanceof FileFormatError)) throw error;
    if (!/^read[A-Z]\w+[^\n]*\.$/.test(error.message)) throw new Error('not one sentence', { cause: error });
    return false;
  }
}

/** Reads `count` mutants of the files and gives the number that was refused and the longest time in ms that one took. */
export async function fuzz(
  read: (bytes: Uint8Array) => unknown,
  files: readonly Uint8Array[],
  count: number,
  rng: Rng,
): Promise<{ refused: number; slowest: number }> {
  let refused = 0;
  let slowest = 0;
  for (let i = 0; i < count; i++) {
    const mutant = mutate(files[i % files.length]!, rng.split(i));
    const start = performance.now();
    if (!(await survives(read, mutant))) refused++;
    slowest = Math.max(slowest, performance.now() - start);
  }
  return { refused, slowest };
}

const statusBytes = (name: string): number => {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
};

/**
 * Bytes by which the memory of this process grows at most while something runs, by the kernel's own count; undefined
 * where the kernel does not let its high-water mark be set back (only Linux does).
 */
export async function peakMemory(run: () => unknown): Promise<number | undefined> {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    await run();
    return undefined;
  }
  const before = statusBytes('VmRSS');
  await run();
  return statusBytes('VmHWM') - before;
}
