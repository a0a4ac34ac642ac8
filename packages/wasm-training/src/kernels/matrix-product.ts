import type { Backend } from '../wasm-backend.js';
import { GAP, nativeGemm, PANEL, parts, scratchPieces, wholePanels } from './native-gemm.js';

/** Rows of the left matrix that stay in the second cache while the panels pass. */
const ROW_BLOCK = 240;
/** Columns of the right matrix packed at once when the left one is packed too. */
const COLUMN_BLOCK = 384;
/** Numbers added up in one pass when both are packed. */
const PACKED_LENGTH = 256;
/** Multiply-adds of a product below which packing costs more than it gives. */
const SMALL = 6000;
/** Rows below which a tile would be mostly empty. */
const FEW_ROWS = 3;

/** `count` products of [m, k] and [k, n], or their transposes in memory; byte offsets of the first and steps to the next. */
export interface MatrixProducts {
  m: number;
  n: number;
  k: number;
  count: number;
  a: number;
  b: number;
  out: number;
  /** 0 for one left matrix for all products. */
  aStep: number;
  bStep: number;
  transposeA: boolean;
  transposeB: boolean;
}

/** out[i] = a[i] · b[i]. */
export function matrixProducts(backend: Backend, products: MatrixProducts): void {
  const { m, n, k, count, aStep, bStep, transposeA, transposeB } = products;
  const gemm = nativeGemm(backend);
  if (m * n * k <= SMALL || m <= FEW_ROWS) {
    const { a, b, out } = products;
    gemm.smallProducts(a, aStep, b, bStep, out, count, m, n, k, transposeA ? 1 : 0, transposeB ? 1 : 0);
    return;
  }
  if (bStep === 0 && !transposeA && aStep === 4 * m * k && count > 1) {
    matrixProducts(backend, { ...products, m: m * count, count: 1 });
    return;
  }
  for (let i = 0; i < count; i++) {
    const one = {
      ...products,
      a: products.a + i * aStep,
      b: products.b + i * bStep,
      out: products.out + i * 4 * m * n,
    };
    if (transposeA) productOfTransposed(backend, one);
    else product(backend, one);
  }
}

/** Packs the right matrix alone. */
function product(backend: Backend, { m, n, k, a, b, out, transposeB }: MatrixProducts): void {
  const gemm = nativeGemm(backend);
  const blocks = parts(k);
  const longest = blocks[0]!.count;
  const columns = wholePanels(n);
  const at = scratchPieces(backend, {
    rows: m,
    results: m,
    steps: longest,
    nobody: columns,
    panels: (columns / PANEL) * (PANEL * longest + GAP),
    work: gemm.sweepWork() / 4,
  });
  gemm.linearTable(at.rows, a, 4 * k, m);
  gemm.fillTable(at.rows, m, a);
  gemm.linearTable(at.results, out, 4 * n, m);
  gemm.fillTable(at.results, m, at.nobody);
  gemm.fillSteps(at.steps, longest);
  const step = ROW_BLOCK - (ROW_BLOCK % gemm.tileRows());
  for (const { begin, count } of blocks) {
    const panelBytes = 4 * (PANEL * count + GAP);
    if (transposeB) gemm.packPanelsTransposed(b + 4 * begin, 4 * k, count, n, at.panels, panelBytes);
    else gemm.packPanels(b + 4 * begin * n, 4 * n, count, n, at.panels, panelBytes);
    for (let i = 0; i < m; i += step) {
      const [left, right] = [at.rows + 4 * i, at.results + 4 * i];
      const rows = Math.min(step, m - i);
      const add = begin > 0 ? 1 : 0;
      gemm.sweepRows(left, right, rows, 4 * begin, at.steps, count, at.panels, panelBytes, n, add, 0, at.work);
    }
  }
}

/** Packs both: the left matrix lies in memory as [k, m]. */
function productOfTransposed(backend: Backend, { m, n, k, a, b, out, transposeB }: MatrixProducts): void {
  const gemm = nativeGemm(backend);
  const blocks = parts(k, PACKED_LENGTH);
  const longest = blocks[0]!.count;
  const at = scratchPieces(backend, {
    rows: longest,
    panel: gemm.tileRows() * longest,
    rowTable: PANEL,
    panels: (Math.min(wholePanels(n), COLUMN_BLOCK) / PANEL) * (PANEL * longest + GAP),
    work: gemm.sweepWork() / 4,
  });
  for (const { begin, count } of blocks) {
    const panelBytes = 4 * (PANEL * count + GAP);
    gemm.linearTable(at.rows, a + 4 * begin * m, 4 * m, count);
    for (let j = 0; j < n; j += COLUMN_BLOCK) {
      const columns = Math.min(COLUMN_BLOCK, n - j);
      if (transposeB) {
        gemm.packPanelsTransposed(b + 4 * (j * k + begin), 4 * k, count, columns, at.panels, panelBytes);
      } else {
        gemm.packPanels(b + 4 * (begin * n + j), 4 * n, count, columns, at.panels, panelBytes);
      }
      const [to, add] = [out + 4 * j, begin > 0 ? 1 : 0];
      const { rows, panels, panel, rowTable, work } = at;
      gemm.sweepTransposed(rows, count, 0, m, panels, panelBytes, columns, to, 4 * n, add, panel, rowTable, work);
    }
  }
}
