import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GreedyFile } from './greedy-files.js';

const CHILD = fileURLToPath(new URL('memory-child.mjs', import.meta.url));
const INDEX = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
/** V8 and the modules of this package themselves. */
const HEAP_AT_REST = 16;

export interface Reading {
  /** Growth of the heap and of array buffers while the result is held, in bytes. */
  readonly kept: number;
  /** Growth of the resident memory at its highest, garbage included; undefined where the kernel does not say. */
  readonly peak?: number;
  /** processor time */
  readonly milliseconds: number;
  readonly error?: { readonly name: string; readonly message: string };
}

/**
 * Reads the files, one after the other, in a process whose V8 has a heap of `heapBytes` (and what it needs at rest): if
 * one needs more, even for a moment, V8 ends the process and this function throws with the file's name.
 */
export function readInChild(files: readonly GreedyFile[], heapBytes: number): Reading[] {
  const folder = mkdtempSync(join(tmpdir(), 'opposable-memory-'));
  try {
    const list = files.map(({ reader, options, bytes }, i) => {
      const path = join(folder, String(i));
      writeFileSync(path, bytes);
      return { path, reader, options };
    });
    const megabytes = Math.ceil(heapBytes / 2 ** 20) + HEAP_AT_REST;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--expose-gc', `--max-old-space-size=${megabytes}`, '--max-semi-space-size=2', CHILD, INDEX],
      { input: JSON.stringify(list), encoding: 'utf8', maxBuffer: 2 ** 26 },
    );
    const readings = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Reading]));
    if (status !== 0) {
      throw new Error(`the process ended while it read ${files[readings.length]?.name}: ${stderr.slice(0, 1000)}`);
    }
    return readings;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
