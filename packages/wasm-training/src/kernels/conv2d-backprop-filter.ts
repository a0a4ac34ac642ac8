import * as tf from '@tensorflow/tfjs-core';
import { allocate, allocateZeros, type Backend, type Info, sizeOf } from '../wasm-backend.js';
import { walkOf } from './conv2d.js';
import { convGeometry, type ConvGeometry } from './conv-geometry.js';
import { wasmKernel } from './kernel-calls.js';
import { GAP, nativeGemm, PANEL, scratchPieces, wholePanels } from './native-gemm.js';
import { bandsOf, layOutBand, pixelLayout } from './pixel-bands.js';
import { suitsWinograd } from './winograd.js';
import { filterGradientByTiles } from './winograd-filter-gradient.js';

/**
 * Numbers of one line of a patch up to which patches are copied out: their tiles would be partly empty line by line
 * (21 numbers fill 3.5 tiles of 6), and in one piece are so only once.
 */
const SHORT_RUN = 32;

/**
 * Gradient of a convolution with respect to its filter:
 * dW[kh, kw, c, f] = Σ_{n, oh, ow} x[n, oh·s + kh·d − p, ow·s + kw·d − p, c] · dy[n, oh, ow, f].
 *
 * @param x [N, H, W, C]
 * @param dy [N, OH, OW, F]
 * @returns [KH, KW, C, F]
 */
export function filterGradient(backend: Backend, x: Info, dy: Info, g: ConvGeometry): Info {
  const n = g.outChannels;
  const shape = [g.filterHeight, g.filterWidth, g.inChannels, n];
  if (sizeOf(x.shape) * sizeOf(dy.shape) * sizeOf(shape) === 0) return allocateZeros(backend, shape);
  const out = allocate(backend, shape);
  const walk = walkOf(g);
  if (suitsWinograd({ walk, n })) {
    const [from, by, to] = [x, dy, out].map(({ dataId }) => backend.getMemoryOffset(dataId));
    filterGradientByTiles(backend, { walk, n, x: from!, dy: by!, out: to! });
    return out;
  }
  const gemm = nativeGemm(backend);
  const bands = bandsOf(walk);
  const layout = pixelLayout(walk, bands);
  // Taps beside each other without dilation are one run of memory.
  const joined = walk.horizontal.dilation === 1;
  const runs = joined ? 1 : g.filterWidth;
  const run = joined ? g.filterWidth * g.inChannels : g.inChannels;
  const patch = g.filterHeight * g.filterWidth * g.inChannels;
  const copied = joined && run <= SHORT_RUN && g.filterHeight > 1;
  const at = scratchPieces(backend, {
    rows: layout.results,
    panel: gemm.tileRows() * layout.results,
    rowTable: PANEL,
    panels: (wholePanels(n) / PANEL) * (PANEL * layout.results + GAP),
    frame: layout.frame,
    patches: copied ? patch * layout.results : 0,
    work: gemm.sweepWork() / 4,
  });
  const input = backend.getMemoryOffset(x.dataId);
  const gradient = backend.getMemoryOffset(out.dataId);
  let results = backend.getMemoryOffset(dy.dataId);
  bands.forEach((band, i) => {
    const rows = layOutBand(gemm, walk, layout, band, { input, frame: at.frame, rows: at.rows });
    const panelBytes = 4 * (PANEL * rows + GAP);
    gemm.packPanels(results, 4 * n, rows, n, at.panels, panelBytes);
    results += 4 * n * rows;
    const add = i > 0 ? 1 : 0;
    const { panels, panel, rowTable, work } = at;
    if (copied) {
      gemm.copyPatches(at.rows, rows, g.filterHeight, 4 * run, g.dilationHeight * layout.lineBytes, at.patches);
      gemm.linearTable(at.rows, at.patches, 4 * patch, rows);
      gemm.sweepTransposed(
        ...([at.rows, rows, 0, patch, panels, panelBytes, n, gradient, 4 * n] as const),
        ...([add, panel, rowTable, work] as const),
      );
      return;
    }
    for (let kh = 0; kh < g.filterHeight; kh++) {
      for (let r = 0; r < runs; r++) {
        const tap = kh * g.dilationHeight * layout.lineBytes + r * g.dilationWidth * layout.pixelBytes;
        const to = gradient + 4 * n * (kh * g.filterWidth * g.inChannels + r * run);
        gemm.sweepTransposed(at.rows, rows, tap, run, panels, panelBytes, n, to, 4 * n, add, panel, rowTable, work);
      }
    }
  });
  return out;
}

export const conv2DBackpropFilterKernel = wasmKernel<
  { x: Info; dy: Info },
  tf.Conv2DBackpropFilterAttrs & { dilations?: number | [number, number] }
>(tf.Conv2DBackpropFilter, ({ backend, inputs: { x, dy }, attrs }) => {
  const geometry = convGeometry({ operation: tf.Conv2DBackpropFilter, inShape: x.shape, ...attrs });
  return filterGradient(backend, x, dy, geometry);
});
