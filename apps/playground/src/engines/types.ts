/** What computes in this page. */
export interface Engine {
  /** The backend, and in brackets the graphics card where it is one. */
  readonly name: string;
  /** Why there are no fused kernels, a sentence; undefined where there are. */
  readonly withoutKernels: string | undefined;
}
