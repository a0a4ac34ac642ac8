import type { Backend } from '../wasm-backend.js';

interface Arena {
  at: number;
  bytes: number;
}

const arenas = new WeakMap<Backend, Arena>();
const exact = new WeakSet<Backend>();

/** Room for packed panels and the like starts on a line of the cache. */
const ALIGNMENT = 64;
/** The arena grows in steps, so that it moves seldom. */
const STEP = 1 << 18;

/**
 * Byte offset of working memory for one kernel call, aligned to 64 bytes, contents undefined.
 *
 * There is one piece per backend, kept and grown: the next call of this function hands out the same memory again, so a kernel
 * asks once for all that it needs and calls no other kernel while it uses it. May grow the memory: take views afterwards.
 */
export function scratch(backend: Backend, bytes: number): number {
  const { wasm } = backend as unknown as { wasm: { _malloc(bytes: number): number; _free(at: number): void } };
  const arena = arenas.get(backend);
  if (arena === undefined || arena.bytes < bytes || exact.has(backend)) {
    if (arena !== undefined) wasm._free(arena.at);
    const size = exact.has(backend) ? bytes : Math.ceil(bytes / STEP) * STEP;
    arenas.set(backend, { at: wasm._malloc(size + ALIGNMENT) >>> 0, bytes: size });
  }
  return Math.ceil(arenas.get(backend)!.at / ALIGNMENT) * ALIGNMENT;
}

/** Gives the working memory back; the next {@link scratch} takes new. */
export function releaseScratch(backend: Backend): void {
  const arena = arenas.get(backend);
  if (arena === undefined) return;
  (backend.wasm as unknown as { _free(at: number): void })._free(arena.at);
  arenas.delete(backend);
}

/** For tests: from now on every {@link scratch} is a new piece of exactly the size asked for, so that guard words stand beside it. */
export function setExactScratch(backend: Backend, value: boolean): void {
  releaseScratch(backend);
  if (value) exact.add(backend);
  else exact.delete(backend);
}
