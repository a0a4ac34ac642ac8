import type { Backend } from '../wasm-backend.js';
import type { DirectConvolution } from './direct-convolution.js';
import { nativeGemm, PANEL, parts, scratchPieces } from './native-gemm.js';
import type { Axis, Walk } from './pixel-bands.js';

// Notes, GFLOP/s counted as the direct algorithm, here and directly (roofline 72, one core of an AMD EPYC of 2024):
//   16×32×32×64→64      176   70        4×14×14×256→256     89   65
//   16×16×16×128→128    178   68        16×4×4×512→512      48   62
//   16×8×8×256→256      118   65        4×7×7×512→512       60   59
// The transformed filter is four times as large as the filter and has to pass once for each 64 tiles: with few pixels and many
// channels that costs more than is won.
// With few of both, roofline 50 on a slower day, forward, input and filter gradient:
//   8×128×128×48→16      84 85 71   36 37 31        8×128×128×16→16    70 70 50   37 36 30
//   8×64×64×16→32        84 81 62   38 38 34
// Positions a power of two apart (256 channels) push each other out of the cache: with `positionStep` between them a forward pass of
// 16×8×8×256→256 takes 11.0 ms instead of 15.1, of 8 images 7.3 instead of 11.5, processor time of one run each on a loaded machine.

/** Channels and results from which the transforms cost less than they save. */
const LEAST = 16;
/** Tiles transformed together: the more, the less often the transformed filter is read. */
const TILES = 64;
export const TILE = 4;
export const POSITIONS = 36;
export const TAPS = 3;

/**
 * Numbers from one position to the next: at least `count`, and 128 bytes beyond whole pages. The 36 positions of a tile are
 * written one after the other; a power of two apart they would push each other out of the cache.
 */
export function positionStep(count: number): number {
  return Math.ceil((count - BEYOND) / PAGE) * PAGE + BEYOND;
}
const PAGE = 1024;
const BEYOND = 32;

const unit = ({ taps, stride, dilation }: Axis): boolean => taps === TAPS && stride === 1 && dilation === 1;

/** Whether a convolution is of the kind that F(4×4, 3×3) can do, and large enough to gain by it. */
export function suitsWinograd({ walk, n }: Pick<DirectConvolution, 'walk' | 'n'>): boolean {
  const { vertical, horizontal, channels, batch } = walk;
  const pixels = batch * vertical.outSize * horizontal.outSize;
  return (
    unit(vertical) &&
    unit(horizontal) &&
    channels % 4 === 0 &&
    n % PANEL === 0 &&
    channels >= LEAST &&
    n >= LEAST &&
    vertical.outSize >= TILE &&
    horizontal.outSize >= TILE &&
    pixels >= 2 * channels
  );
}

/** Some lines of tiles of some images: as in pixel bands, whole images or a part of one. */
export function tileBands({ batch, vertical, horizontal }: Walk) {
  const [lines, columns] = [Math.ceil(vertical.outSize / TILE), Math.ceil(horizontal.outSize / TILE)];
  const bands: { image: number; images: number; line: number; lines: number }[] = [];
  const whole = lines * columns < TILES;
  const images = whole ? Math.max(1, Math.round(TILES / (lines * columns))) : 1;
  const step = whole ? lines : Math.max(1, Math.round(TILES / columns));
  for (let image = 0; image < batch; image += images) {
    for (let line = 0; line < lines; line += step) {
      bands.push({ image, images: Math.min(images, batch - image), line, lines: Math.min(step, lines - line) });
    }
  }
  return { bands, columns, tiles: images * step * columns, frameLines: images * (step * TILE + TAPS - 1) };
}

/** The same as `convolveDirectly`, for what {@link suitsWinograd}: a quarter of the multiply-adds, rounding errors of about 1e-5. */
export function convolveByTiles(backend: Backend, { walk, input, n, pack, result }: DirectConvolution): void {
  const gemm = nativeGemm(backend);
  const { vertical, horizontal, channels } = walk;
  const { bands, columns, tiles, frameLines } = tileBands(walk);
  const rows = Math.ceil(tiles / gemm.tileRows()) * gemm.tileRows();
  const frameColumns = columns * TILE + TAPS - 1;
  const lineBytes = 4 * frameColumns * channels;
  const size = channels * n;
  const filterStep = positionStep(size);
  const [inputStep, productStep] = [positionStep(rows * channels), positionStep(rows * n)];
  const at = scratchPieces(backend, {
    tables: POSITIONS * rows,
    resultTables: POSITIONS * rows,
    steps: channels,
    filter: POSITIONS * filterStep,
    frame: frameLines * frameColumns * channels,
    inputs: POSITIONS * inputStep,
    products: Math.max(POSITIONS * productStep, TAPS * TAPS * filterStep),
    work: Math.max(gemm.winogradWork(), gemm.sweepWork()) / 4,
  });
  for (let tap = 0; tap < TAPS * TAPS; tap++) {
    pack(gemm, tap * channels, channels, at.products + 4 * tap * filterStep, 4 * PANEL * channels);
  }
  gemm.winogradFilter(at.products, 4 * filterStep, size, at.filter, 4 * filterStep, at.work);
  for (let p = 0; p < POSITIONS; p++) {
    gemm.linearTable(at.tables + 4 * p * rows, at.inputs + 4 * p * inputStep, 4 * channels, rows);
    gemm.linearTable(at.resultTables + 4 * p * rows, at.products + 4 * p * productStep, 4 * n, rows);
  }
  gemm.fillSteps(at.steps, channels);
  gemm.fill(at.inputs, POSITIONS * inputStep, 0);
  const blocks = parts(channels);
  const [inputBytes, productBytes] = [4 * inputStep, 4 * productStep];
  for (const band of bands) {
    const height = band.lines * TILE + TAPS - 1;
    gemm.padImages(
      input + 4 * band.image * vertical.size * horizontal.size * channels,
      ...([band.images, vertical.size, horizontal.size, 4 * channels, at.frame] as const),
      ...([band.line * TILE - vertical.pad, height, horizontal.pad, frameColumns] as const),
    );
    const lines = band.images * band.lines;
    for (let i = 0; i < lines; i++) {
      const line = Math.floor(i / band.lines) * height + (i % band.lines) * TILE;
      const to = at.inputs + 4 * i * columns * channels;
      gemm.winogradInput(at.frame + line * lineBytes, lineBytes, channels, columns, to, inputBytes, at.work);
    }
    const used = Math.ceil((lines * columns) / gemm.tileRows()) * gemm.tileRows();
    for (let p = 0; p < POSITIONS; p++) {
      const [left, to] = [at.tables + 4 * p * rows, at.resultTables + 4 * p * rows];
      for (const { begin, count } of blocks) {
        const panels = at.filter + 4 * p * filterStep + 4 * PANEL * begin;
        const add = begin > 0 ? 1 : 0;
        gemm.sweepRows(
          ...([left, to, used, 4 * begin, at.steps, count, panels, 4 * PANEL * channels, n, add, 0, at.work] as const),
        );
      }
    }
    for (let i = 0; i < lines; i++) {
      const image = band.image + Math.floor(i / band.lines);
      const line = (band.line + (i % band.lines)) * TILE;
      gemm.winogradOutput(
        ...([at.products + 4 * i * columns * n, productBytes, n, columns] as const),
        ...([result.at + image * result.imageStep + line * result.lineStep, result.lineStep] as const),
        ...([Math.min(TILE, vertical.outSize - line), horizontal.outSize, at.work] as const),
      );
    }
  }
}
