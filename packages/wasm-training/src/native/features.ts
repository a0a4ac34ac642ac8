// The smallest modules that use the feature: (func (result v128) …).
/* prettier-ignore */
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
/* prettier-ignore */
const RELAXED_SIMD = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11,
];

/** What the engine's WebAssembly can do, asked of the engine itself. */
export interface WasmFeatures {
  /** 128-bit vectors; without them nothing of this package works. */
  simd: boolean;
  /** Fused multiply-add: results then differ in the last bits. */
  relaxedSimd: boolean;
}

function probe(bytes: number[]): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(Uint8Array.from(bytes));
}

/** Probes the engine: each time, since a flag may give it relaxed SIMD late. */
export function wasmFeatures(): WasmFeatures {
  return { simd: probe(SIMD), relaxedSimd: probe(RELAXED_SIMD) };
}
