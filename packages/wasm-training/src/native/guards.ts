import { type Backend, memoryOf } from '../wasm-backend.js';
import { setExactScratch } from './scratch.js';

/** Guard words on each side of a buffer; a multiple of 64 bytes, so that buffers keep their alignment. */
const WORDS = 64;
const BYTES = 4 * WORDS;
/** A NaN that no calculation produces: whatever is read from a guard, or before it was written, spreads into the results. */
const GUARD = 0x7fa5a5a5;

interface Heap {
  _malloc: (bytes: number) => number;
  _free: (at: number) => void;
}

/** Guards around every buffer of a backend: see {@link guardBuffers}. */
export interface BufferGuards {
  /** @throws Error if a word beside any living buffer, or beside one freed since, has been overwritten */
  check(): void;
  /** Takes the guards away; buffers made under them may live on. */
  remove(): void;
}

/**
 * The debug build of the kernels' memory, for tests: every tensor and all working memory made from now on lies between guard
 * words, and starts as NaN. A write outside a buffer is found by `check`; a read outside, or of what was never written, shows as
 * NaN in the results.
 */
export function guardBuffers(backend: Backend): BufferGuards {
  const heap = backend.wasm as unknown as Heap;
  const guarded = new Map<number, number>();
  const damage: string[] = [];
  setExactScratch(backend, true);
  heap._free(heap._malloc(16)); // the first call replaces the function by the module's own
  const { _malloc: malloc, _free: free } = heap;
  const words = () => new Int32Array(memoryOf(backend));

  const inspect = (at: number, bytes: number): void => {
    const memory = words();
    const end = at + 4 * Math.ceil(bytes / 4);
    for (let i = 0; i < WORDS; i++) {
      if (memory[(at >>> 2) - 1 - i] !== GUARD) damage.push(`${4 * (i + 1)} bytes before a buffer of ${bytes} bytes`);
      if (memory[(end >>> 2) + i] !== GUARD) damage.push(`${4 * i} bytes after a buffer of ${bytes} bytes`);
    }
  };

  heap._malloc = (bytes) => {
    const whole = 4 * Math.ceil(bytes / 4) + 2 * BYTES;
    const start = malloc(whole) >>> 0;
    if (start === 0) return 0;
    words().fill(GUARD, start >>> 2, (start + whole) >>> 2);
    guarded.set(start + BYTES, bytes);
    return start + BYTES;
  };
  heap._free = (offset) => {
    const at = offset >>> 0;
    const bytes = guarded.get(at);
    if (bytes === undefined) return free(at);
    inspect(at, bytes);
    guarded.delete(at);
    free(at - BYTES);
  };

  return {
    check() {
      for (const [at, bytes] of guarded) inspect(at, bytes);
      if (damage.length > 0) {
        throw new Error(`guardBuffers: written ${damage.slice(0, 8).join(', ')}${damage.length > 8 ? ', …' : ''}.`);
      }
    },
    remove() {
      setExactScratch(backend, false);
      heap._malloc = malloc;
      // Buffers made under guards are freed by their true beginning.
      heap._free = (offset) => free(guarded.delete(offset >>> 0) ? (offset >>> 0) - BYTES : offset);
    },
  };
}
