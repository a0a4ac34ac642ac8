import type { Backend } from '../wasm-backend.js';
import type { ConvGeometry } from './conv-geometry.js';
import { nativeGemm, PANEL, parts, scratchPieces, wholePanels } from './native-gemm.js';

/** Patches made at once: they stay in the second cache until they are added up. */
const FLOATS = 1 << 16;

/**
 * Gradient of a convolution with respect to an input of few channels: the product dy · Wᵀ for every patch, added up where
 * patches overlap. The other way, a convolution of dy, would leave most of a panel's 8 columns empty:
 * 25 GFLOP/s where this has 53 (16×128×128×3→64 7×7 of stride 2).
 *
 * @param dy byte offset of [N, OH, OW, F]
 * @param filter byte offset of [KH, KW, C, F]
 * @param dx byte offset of [N, H, W, C], zeros
 */
export function addPatchGradient(backend: Backend, dy: number, filter: number, dx: number, g: ConvGeometry): void {
  const gemm = nativeGemm(backend);
  const n = g.filterHeight * g.filterWidth * g.inChannels;
  const k = g.outChannels;
  const lines = g.batch * g.outHeight;
  const step = Math.max(1, Math.min(lines, Math.floor(FLOATS / (n * g.outWidth))));
  const rows = step * g.outWidth;
  const columns = wholePanels(n);
  const at = scratchPieces(backend, {
    rows,
    results: rows,
    steps: k,
    nobody: columns,
    panels: columns * k,
    patches: rows * n,
    work: gemm.sweepWork() / 4,
  });
  gemm.fillSteps(at.steps, k);
  const blocks = parts(k).map((part) => ({ ...part, panels: at.panels + 4 * columns * part.begin }));
  for (const { begin, count, panels } of blocks) {
    gemm.packPanelsTransposed(filter + 4 * begin, 4 * k, count, n, panels, 4 * PANEL * count);
  }
  for (let line = 0; line < lines; line += step) {
    const last = Math.min(lines, line + step);
    const count = (last - line) * g.outWidth;
    gemm.linearTable(at.rows, dy + 4 * line * g.outWidth * k, 4 * k, count);
    gemm.fillTable(at.rows, count, dy);
    gemm.linearTable(at.results, at.patches, 4 * n, count);
    gemm.fillTable(at.results, count, at.nobody);
    for (const { begin, count: length, panels } of blocks) {
      const add = begin > 0 ? 1 : 0;
      const panelBytes = 4 * PANEL * length;
      gemm.sweepRows(at.rows, at.results, count, 4 * begin, at.steps, length, panels, panelBytes, n, add, 0, at.work);
    }
    gemm.addPatches(
      ...([at.patches, dx, line, last, g.inHeight, g.inWidth, g.inChannels, g.outHeight, g.outWidth] as const),
      ...([g.filterHeight, g.filterWidth, g.strideHeight, g.strideWidth] as const),
      ...([g.dilationHeight, g.dilationWidth, g.padTop, g.padLeft] as const),
    );
  }
}
