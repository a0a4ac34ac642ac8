import type { Backend } from '../wasm-backend.js';
import { nativeGemm, PANEL, scratchPieces, wholePanels } from './native-gemm.js';
import type { Walk } from './pixel-bands.js';
import { POSITIONS, positionStep, tileBands, TILE, TAPS } from './winograd.js';

export interface TiledFilterGradient {
  walk: Walk;
  /** Filters. */
  n: number;
  /** Byte offsets of x, dy and the gradient. */
  x: number;
  dy: number;
  out: number;
}

/**
 * Gradient with respect to the filter of a convolution that suits Winograd's F(4×4, 3×3), by the transpose of that algorithm:
 * Gᵀ [Σ_tiles (Bᵀ d B) ⊗ (A dy Aᵀ)] G, 36 matrix products over the tiles.
 */
export function filterGradientByTiles(backend: Backend, { walk, n, x, dy, out }: TiledFilterGradient): void {
  const gemm = nativeGemm(backend);
  const { vertical, horizontal, channels } = walk;
  const { bands, columns, tiles, frameLines } = tileBands(walk);
  const frameColumns = columns * TILE + TAPS - 1;
  const size = channels * n;
  const widest = Math.max(channels, n);
  const [inputStep, gradientStep, sumStep] = [tiles * channels, tiles * n, size].map(positionStep) as [
    number,
    number,
    number,
  ];
  const at = scratchPieces(backend, {
    table: tiles,
    panel: gemm.tileRows() * tiles,
    rowTable: PANEL,
    panels: wholePanels(n) * tiles,
    frame: frameLines * frameColumns * widest,
    inputs: POSITIONS * inputStep,
    gradients: POSITIONS * gradientStep,
    sums: POSITIONS * sumStep,
    work: Math.max(gemm.winogradWork(), gemm.sweepWork()) / 4,
  });
  bands.forEach((band, index) => {
    const lines = band.images * band.lines;
    const height = band.lines * TILE + TAPS - 1;
    gemm.padImages(
      x + 4 * band.image * vertical.size * horizontal.size * channels,
      ...([band.images, vertical.size, horizontal.size, 4 * channels, at.frame] as const),
      ...([band.line * TILE - vertical.pad, height, horizontal.pad, frameColumns] as const),
    );
    const lineBytes = 4 * frameColumns * channels;
    for (let i = 0; i < lines; i++) {
      const line = Math.floor(i / band.lines) * height + (i % band.lines) * TILE;
      const to = at.inputs + 4 * i * columns * channels;
      gemm.winogradInput(at.frame + line * lineBytes, lineBytes, channels, columns, to, 4 * inputStep, at.work);
    }
    gemm.padImages(
      dy + 4 * band.image * vertical.outSize * horizontal.outSize * n,
      ...([band.images, vertical.outSize, horizontal.outSize, 4 * n, at.frame] as const),
      ...([band.line * TILE, band.lines * TILE, 0, columns * TILE] as const),
    );
    const dyLineBytes = 4 * columns * TILE * n;
    for (let i = 0; i < lines; i++) {
      const from = at.frame + i * TILE * dyLineBytes;
      gemm.winogradGradient(
        from,
        dyLineBytes,
        n,
        columns,
        at.gradients + 4 * i * columns * n,
        4 * gradientStep,
        at.work,
      );
    }
    const used = lines * columns;
    const panelBytes = 4 * PANEL * used;
    for (let p = 0; p < POSITIONS; p++) {
      gemm.linearTable(at.table, at.inputs + 4 * p * inputStep, 4 * channels, used);
      gemm.packPanels(at.gradients + 4 * p * gradientStep, 4 * n, used, n, at.panels, panelBytes);
      gemm.sweepTransposed(
        ...([at.table, used, 0, channels, at.panels, panelBytes, n, at.sums + 4 * p * sumStep, 4 * n] as const),
        ...([index > 0 ? 1 : 0, at.panel, at.rowTable, at.work] as const),
      );
    }
  });
  gemm.winogradSums(at.sums, 4 * sumStep, size, out, at.work);
}
