/** A module of `assembly/` as `tools/build-wasm-kernels.mjs` writes it; `Exports` are its functions, which take only numbers. */
export interface KernelModule<Exports> {
  name: string;
  simd: {
    /** Position of the byte that says whether the imported memory is shared (3) or not (1). */
    memoryFlagsAt: number;
    base64: string;
  };
  /** Never there: carries the type. */
  readonly exports?: Exports;
}
