/** One box filter of fractional radius: `whole` pixels to both sides, the next ones with weight `part`. */
export interface Box {
  readonly whole: number;
  readonly part: number;
  /** 1 over the sum of the weights */
  readonly scale: number;
}

/** Width and height of something that is not an image. */
export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** Pixels from left to right and from top to bottom, both ends included. */
export interface PixelRegion {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The planes of a picture: luma [height, width], multiples of 16, and two of half the sides. */
export interface ColorPlanes extends Extent {
  readonly luma: Float32Array;
  readonly blues: Float32Array;
  readonly reds: Float32Array;
}

/**
 * Inner loops of filters. Pictures are `bytes` [H, W, 3] or `pixels` [H, W, 4] in float32, whose last number is 0. Both
 * implementations do the same IEEE operations in the same order, so they give the same bits.
 */
export interface FilterKernels {
  readonly name: 'wasm' | 'typescript';
  /** Bytes to pixels, and back, rounded and clamped. */
  spread(bytes: Uint8Array, pixels: Float32Array, count: number): void;
  gather(pixels: Float32Array, bytes: Uint8Array, count: number): void;
  /** Two box filters along the rows, in place; `spare` [W, 4]. */
  boxRows(pixels: Float32Array, spare: Float32Array, extent: Extent, box: Box): void;
  /** One box filter along the columns; `sums` [W, 4]. */
  boxColumns(source: Float32Array, target: Float32Array, sums: Float32Array, extent: Extent, box: Box): void;
  /** Adds deviation · table[…] to every byte, from a place that changes every 48 bytes. */
  noise(bytes: Uint8Array, count: number, table: Float32Array, seed: number, deviation: number): void;
  /** Adds rows of bytes, `pitch` apart from `start` on, to the rows of `sums` [rows, columns]; columns a multiple of 16. */
  addShifted(bytes: Uint8Array, start: number, pitch: number, sums: Uint16Array, columns: number, rows: number): void;
  /** sums / taps, rounded, to bytes [rows, width]. */
  average(sums: Uint16Array, bytes: Uint8Array, columns: number, rows: number, width: number, taps: number): void;
  /** Sums of what the three bytes of a pixel stand for in `tables` [3, 256, 4]. */
  tone(bytes: Uint8Array, count: number, tables: Float32Array): void;
  /** Bytes to luma − 128 and chroma (ITU-R BT.601), and back. */
  splitColors(bytes: Uint8Array, extent: Extent, planes: ColorPlanes): void;
  joinColors(planes: ColorPlanes, bytes: Uint8Array, extent: Extent): void;
  /** Rounds the cosine coefficients of all 8 × 8 blocks to multiples of `table` [8, 8], transposed; `block` [8, 8] is work. */
  roundBlocks(plane: Float32Array, extent: Extent, table: Float32Array, block: Float32Array): void;
  /**
   * Fills a convex outline [N, 2] in pixels. `tile` [256, 256]; `surface`: colour and 0, slopes of brightness, grain, opacity,
   * pixels of the tile per pixel, place in the tile.
   */
  fillConvex(bytes: Uint8Array, extent: Extent, outline: Float64Array, tile: Float32Array, surface: Float32Array): void;
  /** `numbers`: two colours of four numbers, direction, strength, 1 / longer side. */
  gradient(pixels: Float32Array, extent: Extent, numbers: Float32Array): void;
  /** `numbers`: colour, centre and direction, 1 / half sides, sharpness, opacity, 1 / longer side. */
  spot(pixels: Float32Array, extent: Extent, region: PixelRegion, isBox: boolean, numbers: Float32Array): void;
  /** Twice the sides; `row` has room for 3 · W + 8 words, `bytes` for 8 bytes more than it has, `out` for twice the sides. */
  double(bytes: Uint8Array, extent: Extent, out: Uint8Array, row: Uint16Array): void;
}
