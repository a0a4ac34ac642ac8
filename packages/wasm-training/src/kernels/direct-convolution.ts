import type { Backend } from '../wasm-backend.js';
import { nativeGemm, type NativeGemm, PANEL, parts, scratchPieces, wholePanels } from './native-gemm.js';
import { type Band, bandsOf, layOutBand, offsetInPatch, pixelLayout, type Walk, writeSteps } from './pixel-bands.js';

/** Where the results go: byte offset of the first, and steps between images, lines and columns. */
export interface ResultGrid {
  at: number;
  imageStep: number;
  lineStep: number;
  columnStep: number;
}

/** Packs the filter's numbers [begin, begin + count) of all `n` results into panels at byte offset `to`. */
export type PackFilter = (gemm: NativeGemm, begin: number, count: number, to: number, panelBytes: number) => void;

export interface DirectConvolution {
  walk: Walk;
  /** Byte offset of the images. */
  input: number;
  /** Results of each pixel. */
  n: number;
  pack: PackFilter;
  result: ResultGrid;
}

/** result[pixel, :] = patch under the filter · filter, for every pixel of the result. */
export function convolveDirectly(backend: Backend, { walk, input, n, pack, result }: DirectConvolution): void {
  const gemm = nativeGemm(backend);
  const bands = bandsOf(walk);
  const layout = pixelLayout(walk, bands);
  const k = walk.vertical.taps * walk.horizontal.taps * walk.channels;
  const columns = wholePanels(n);
  const at = scratchPieces(backend, {
    rows: layout.results,
    results: layout.results,
    steps: k,
    nobody: columns,
    panels: columns * k,
    frame: layout.frame,
    work: gemm.sweepWork() / 4,
  });
  writeSteps(gemm, at.steps, walk, layout);
  const blocks = parts(k).map(({ begin, count }) => ({
    begin,
    count,
    offset: offsetInPatch(walk, layout, begin),
    panels: at.panels + 4 * columns * begin,
  }));
  for (const { begin, count, panels } of blocks) pack(gemm, begin, count, panels, 4 * PANEL * count);
  for (const band of bands) {
    const rows = layOutBand(gemm, walk, layout, band, { input, frame: at.frame, rows: at.rows });
    gemm.fillTable(at.rows, rows, at.frame || input);
    layOutResults(gemm, walk, band, result, at.results);
    gemm.fillTable(at.results, rows, at.nobody);
    for (const { begin, count, offset, panels } of blocks) {
      const steps = at.steps + 4 * begin;
      const add = begin > 0 ? 1 : 0;
      gemm.sweepRows(at.rows, at.results, rows, offset, steps, count, panels, 4 * PANEL * count, n, add, 0, at.work);
    }
  }
}

function layOutResults(gemm: NativeGemm, walk: Walk, band: Band, result: ResultGrid, table: number): void {
  const { imageStep, lineStep, columnStep } = result;
  const start = result.at + band.image * imageStep + band.line * lineStep;
  gemm.gridTable(table, start, band.images, imageStep, band.lines, lineStep, walk.horizontal.outSize, columnStep);
}
