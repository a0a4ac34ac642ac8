import { type Backend, type Info, release } from '../wasm-backend.js';
import { matMul2d } from './kernel-calls.js';
import { transposeMatrices } from './transpose-matrix.js';

// Notes. A product packs its right side at 2.1–2.7 ns per element, and a transpose takes 0.85. With few rows in a and a large b
// (the input gradient of a dense layer, or of a convolution with few pixels) it is faster to keep b where it is:
// [128, 512] · [4608, 512]ᵀ takes 14.5 ms this way and 20 ms with b transposed, at 13.4 ms of multiply-adds.

/** a [M, K] times b [N, K] transposed: as (b · aᵀ)ᵀ if that moves less memory, else as a · bᵀ. */
export function matMulTransposed(backend: Backend, a: Info, b: Info): Info {
  const [m, k] = a.shape as [number, number];
  const n = b.shape[0]!;
  if (0.85 * m * n + 3.4 * m * k < 3 * n * k) {
    const right = transposeMatrices(backend, a, 1, m, k);
    const product = matMul2d(backend, b, right);
    const out = transposeMatrices(backend, product, 1, n, m);
    release(backend, right, product);
    return out;
  }
  const right = transposeMatrices(backend, b, 1, n, k);
  const out = matMul2d(backend, a, right);
  release(backend, right);
  return out;
}
