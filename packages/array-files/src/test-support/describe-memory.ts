import { MEMORY_BASE, MEMORY_PER_BYTE } from '../core/allowance.js';
import { greedyFiles } from './greedy-files.js';
import { readInChild } from './read-in-child.js';

/** What the collector of a process may leave lying about at most before it is made to work. */
const GARBAGE = 64 << 20;

/** Reads hostile files of about this size and checks what each takes. */
export function describeMemory(size: number): void {
  const files = greedyFiles(size);
  const bound = (bytes: Uint8Array): number => MEMORY_PER_BYTE * bytes.length + MEMORY_BASE;
  const readings = readInChild(files, Math.max(...files.map(({ bytes }) => bound(bytes))));

  it.each(files.map((file, i) => ({ ...file, ...readings[i]! })))(
    '$name takes no more than 16 times its bytes and 32 MiB',
    ({ bytes, message, error, kept, peak, milliseconds }) => {
      if (error !== undefined) expect(error.name).toBe('FileFormatError');
      if (message !== undefined) expect(error?.message).toMatch(message);
      expect(kept).toBeLessThanOrEqual(bound(bytes));
      if (peak !== undefined) expect(peak).toBeLessThanOrEqual(bound(bytes) + GARBAGE);
      expect(milliseconds).toBeLessThan(20_000);
    },
  );
}
