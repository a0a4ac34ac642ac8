import type { NativeGemm } from './native-gemm.js';

// A convolution is a matrix product whose left rows are the pixels under the filter. They are never copied out: in NHWC all that
// one result needs lies in memory at fixed steps from its first pixel, so a table of first pixels (one per result) and a table of
// steps (the same for all) stand for the matrix. Where the filter hangs over the border, a few lines of the images are first
// copied into a frame of zeros, a band at a time, so that nothing in the loops asks about borders.

/** Results per band: their left rows stay in the second cache while all panels of the right matrix pass. */
const BAND = 256;

/** One axis of the walk of a filter over an input. */
export interface Axis {
  /** Of the input. */
  size: number;
  outSize: number;
  taps: number;
  stride: number;
  dilation: number;
  /** Zeros in front of the input; negative to leave out its beginning. */
  pad: number;
}

/** A filter walking over a batch of images. */
export interface Walk {
  batch: number;
  vertical: Axis;
  horizontal: Axis;
  /** Channels of the input. */
  channels: number;
}

/** Some results: all of `images` images, or the lines [line, line + lines) of one. */
export interface Band {
  image: number;
  images: number;
  line: number;
  lines: number;
}

/** Input positions that the filter covers between the first and the last of `outputs` results. */
const reach = (axis: Axis, outputs: number): number =>
  (outputs - 1) * axis.stride + (axis.taps - 1) * axis.dilation + 1;

const inside = (axis: Axis): boolean => axis.pad <= 0 && reach(axis, axis.outSize) - axis.pad <= axis.size;

/** Cuts the results into bands. */
export function bandsOf({ batch, vertical, horizontal }: Walk): Band[] {
  const [lines, columns] = [vertical.outSize, horizontal.outSize];
  const bands: Band[] = [];
  if (lines * columns >= BAND) {
    const step = Math.max(1, Math.round(BAND / columns));
    for (let image = 0; image < batch; image++) {
      for (let line = 0; line < lines; line += step) {
        bands.push({ image, images: 1, line, lines: Math.min(step, lines - line) });
      }
    }
  } else {
    const step = Math.max(1, Math.round(BAND / (lines * columns)));
    for (let image = 0; image < batch; image += step) {
      bands.push({ image, images: Math.min(step, batch - image), line: 0, lines });
    }
  }
  return bands;
}

/** How the left rows of a walk lie in memory. */
export interface PixelLayout {
  /** Whether bands are copied into a frame first. */
  framed: boolean;
  /** Bytes from a line to the next. */
  lineBytes: number;
  pixelBytes: number;
  /** Most results of a band. */
  results: number;
  /** Floats of the largest frame, 0 if there is none. */
  frame: number;
}

export function pixelLayout({ vertical, horizontal, channels }: Walk, bands: readonly Band[]): PixelLayout {
  const framed = !(inside(vertical) && inside(horizontal));
  const columns = framed ? reach(horizontal, horizontal.outSize) : horizontal.size;
  const lines = Math.max(0, ...bands.map((band) => band.images * reach(vertical, band.lines)));
  return {
    framed,
    lineBytes: 4 * columns * channels,
    pixelBytes: 4 * channels,
    results: Math.max(0, ...bands.map((band) => band.images * band.lines)) * horizontal.outSize,
    frame: framed ? lines * columns * channels : 0,
  };
}

/** Writes the table of first pixels of a band, after its frame if it needs one; returns their number. */
export function layOutBand(
  gemm: NativeGemm,
  { vertical, horizontal }: Walk,
  { framed, lineBytes, pixelBytes }: PixelLayout,
  { image, images, line, lines }: Band,
  at: { input: number; frame: number; rows: number },
): number {
  const imageBytes = vertical.size * horizontal.size * pixelBytes;
  const first = line * vertical.stride - vertical.pad;
  let start = at.input + image * imageBytes;
  let imageStep = imageBytes;
  if (framed) {
    const height = reach(vertical, lines);
    const columns = lineBytes / pixelBytes;
    const [size, width] = [vertical.size, horizontal.size];
    gemm.padImages(start, images, size, width, pixelBytes, at.frame, first, height, horizontal.pad, columns);
    start = at.frame;
    imageStep = height * lineBytes;
  } else start += first * lineBytes - horizontal.pad * pixelBytes;
  const lineStep = vertical.stride * lineBytes;
  const columnStep = horizontal.stride * pixelBytes;
  return gemm.gridTable(at.rows, start, images, imageStep, lines, lineStep, horizontal.outSize, columnStep);
}

/** Byte offset of a number of the patch under the filter, counted (tap row, tap column, channel), from its first pixel. */
export function offsetInPatch({ vertical, horizontal, channels }: Walk, layout: PixelLayout, index: number): number {
  const channel = index % channels;
  const tap = (index - channel) / channels;
  const column = tap % horizontal.taps;
  const row = (tap - column) / horizontal.taps;
  return row * vertical.dilation * layout.lineBytes + column * horizontal.dilation * layout.pixelBytes + 4 * channel;
}

/** Writes the steps from each number of the patch to the next. */
export function writeSteps(gemm: NativeGemm, table: number, walk: Walk, layout: PixelLayout): void {
  const { vertical, horizontal, channels } = walk;
  const lineStep = vertical.dilation * layout.lineBytes;
  const tapStep = horizontal.dilation * layout.pixelBytes;
  gemm.stepTable(table, vertical.taps, lineStep, horizontal.taps, tapStep, channels);
}
