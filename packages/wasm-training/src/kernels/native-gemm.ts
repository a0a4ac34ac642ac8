import { type GemmExports, gemmModule } from '../generated/gemm.js';
import { nativeModule } from '../native/load-kernels.js';
import { scratch } from '../native/scratch.js';
import type { Backend } from '../wasm-backend.js';

export type NativeGemm = GemmExports;

export function nativeGemm(backend: Backend): NativeGemm {
  return nativeModule(backend, gemmModule);
}

/** Columns of a packed panel. */
export const PANEL = 8;
/** Floats between panels, so that they do not lie a power of two apart and push each other out of the cache. */
export const GAP = 16;
/** Numbers that one tile adds up at most before it writes its sums: a panel of them fits into the first cache. */
const LONGEST = 640;

/** `count` rounded up to whole panels. */
export const wholePanels = (count: number): number => Math.ceil(count / PANEL) * PANEL;

/** Bytes that hold `count` entries of a table or floats, with room to fill them up to a whole tile, on lines of the cache. */
const aligned = (count: number): number => Math.ceil((4 * (count + PANEL)) / 64) * 64;

/** The range [0, k) in parts of nearly equal length, each short enough for one pass of a tile. */
export function parts(k: number, longest = LONGEST): { begin: number; count: number }[] {
  const number = Math.max(1, Math.ceil(k / longest));
  const length = Math.ceil(k / number);
  return Array.from({ length: number }, (_, i) => {
    const begin = Math.min(k, i * length);
    return { begin, count: Math.min(k, begin + length) - begin };
  });
}

/**
 * Working memory of one call cut into pieces: `sizes` in floats or table entries, in bytes offsets of the same names.
 * Valid until the next call of `scratch`.
 */
export function scratchPieces<Name extends string>(
  backend: Backend,
  sizes: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const names = Object.keys(sizes) as Name[];
  let at = scratch(
    backend,
    names.reduce((sum, name) => sum + aligned(sizes[name]), 0),
  );
  const pieces = {} as Record<Name, number>;
  for (const name of names) {
    pieces[name] = at;
    at += aligned(sizes[name]);
  }
  return pieces;
}
