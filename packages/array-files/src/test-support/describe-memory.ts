import { MEMORY_BASE, MEMORY_PER_BYTE } from '../core/allowance.js';
import type { GreedyFile } from './greedy-files.js';
import { type Reading, readInChild } from './read-in-child.js';

/** What the collector of a process may leave lying about before it is made to work. */
const GARBAGE = 64 << 20;

/** The bound that the README states. */
const bound = ({ bytes }: GreedyFile): number => MEMORY_PER_BYTE * bytes.length + MEMORY_BASE;

/**
 * Reads the files in a process whose heap is as large as the bound, and gives what each took.
 *
 * @param libraryBytes memory of a library that reads them, which stays
 */
export function measureMemory(files: readonly GreedyFile[]): Reading[] {
  return readInChild(files, Math.max(...files.map(bound)));
}

export function expectBounded(file: GreedyFile, reading: Reading, libraryBytes = 0): void {
  const { error, kept, peak, milliseconds } = reading;
  if (error !== undefined) expect(error.name).toBe('FileFormatError');
  if (file.message !== undefined) expect(error?.message).toMatch(file.message);
  expect(kept).toBeLessThanOrEqual(bound(file) + libraryBytes);
  if (peak !== undefined) expect(peak).toBeLessThanOrEqual(bound(file) + libraryBytes + GARBAGE);
  expect(milliseconds).toBeLessThan(20_000);
}
