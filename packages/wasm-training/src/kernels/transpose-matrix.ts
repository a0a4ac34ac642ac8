import { allocate, type Backend, heapIndex, heapOf, type Info } from '../wasm-backend.js';

// Notes. The shipped Transpose of a tall matrix walks memory in large powers of two: [32768, 75] takes 33 ms,
// [4608, 512] 10.7 ms, [8192, 64] 5.0 ms. This loop takes 2.6, 2.0 and 0.6 ms; without the four rows at a time 3.5, 2.9, 0.7.

const BLOCK = 32;

/** out[j, i] = x[i, j] for `count` matrices of [rows, columns], in blocks that stay in the cache. */
export function transposeMatrices(backend: Backend, x: Info, count: number, rows: number, columns: number): Info {
  const out = allocate(backend, count === 1 ? [columns, rows] : [count, columns, rows]);
  const heap = heapOf(backend);
  const source = heapIndex(backend, x);
  const target = heapIndex(backend, out);
  for (let k = 0; k < count; k++) {
    transposeBlocks(heap, source + k * rows * columns, target + k * rows * columns, rows, columns);
  }
  return out;
}

function transposeBlocks(heap: Float32Array, source: number, target: number, rows: number, columns: number): void {
  for (let top = 0; top < rows; top += BLOCK) {
    const bottom = Math.min(rows, top + BLOCK);
    for (let left = 0; left < columns; left += BLOCK) {
      const right = Math.min(columns, left + BLOCK);
      let i = top;
      for (; i + 3 < bottom; i += 4) {
        const a = source + i * columns;
        const b = a + columns;
        const c = b + columns;
        const d = c + columns;
        let to = target + left * rows + i;
        for (let j = left; j < right; j++, to += rows) {
          heap[to] = heap[a + j]!;
          heap[to + 1] = heap[b + j]!;
          heap[to + 2] = heap[c + j]!;
          heap[to + 3] = heap[d + j]!;
        }
      }
      for (; i < bottom; i++) {
        for (let j = left; j < right; j++) heap[target + j * rows + i] = heap[source + i * columns + j]!;
      }
    }
  }
}
