import { allocate, type Backend, heapIndex, heapOf, type Info } from '../wasm-backend.js';
import { type ConvGeometry, validOutputs } from './conv-geometry.js';

/** Images `first` … `first + count − 1` of a batch. */
export interface ImageRange {
  first: number;
  count: number;
}

function axes(g: ConvGeometry) {
  return {
    vertical: {
      size: g.inHeight,
      outSize: g.outHeight,
      stride: g.strideHeight,
      dilation: g.dilationHeight,
      pad: g.padTop,
    },
    horizontal: {
      size: g.inWidth,
      outSize: g.outWidth,
      stride: g.strideWidth,
      dilation: g.dilationWidth,
      pad: g.padLeft,
    },
  };
}

/** Whether the residue planes of the input have the size of the output: any 'same' padding. */
export function planesFitOutput(g: ConvGeometry): boolean {
  return Math.ceil(g.inHeight / g.strideHeight) === g.outHeight && Math.ceil(g.inWidth / g.strideWidth) === g.outWidth;
}

/**
 * Splits images by row and column modulo the stride: planes[(rh, rw), c, n, i, j] = x[c, n, i·s + rh, j·s + rw], 0 outside.
 *
 * @param channelsFirst [C, N, H, W]
 * @returns [s·s, C, N, OH, OW], for geometries with {@link planesFitOutput}
 */
export function residuePlanes(backend: Backend, channelsFirst: Info, g: ConvGeometry): Info {
  const { inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth } = g;
  const images = g.inChannels * g.batch;
  const out = allocate(backend, [strideHeight * strideWidth, g.inChannels, g.batch, outHeight, outWidth]);
  const heap = heapOf(backend);
  const source = heapIndex(backend, channelsFirst);
  let to = heapIndex(backend, out);
  for (let rh = 0; rh < strideHeight; rh++) {
    for (let rw = 0; rw < strideWidth; rw++) {
      const columns = Math.ceil((inWidth - rw) / strideWidth);
      for (let image = 0; image < images; image++) {
        for (let i = 0; i < outHeight; i++, to += outWidth) {
          const row = i * strideHeight + rh;
          const count = row < inHeight ? columns : 0;
          let from = source + (image * inHeight + row) * inWidth + rw;
          for (let j = 0; j < count; j++, from += strideWidth) heap[to + j] = heap[from]!;
          for (let j = count; j < outWidth; j++) heap[to + j] = 0;
        }
      }
    }
  }
  return out;
}

/**
 * The patches under the filter from {@link residuePlanes}: every row of the result is one block of memory shifted,
 * with what crossed a border zeroed (the shift is the same for all images of a channel, which lie next to each other).
 *
 * @returns [KH·KW·C, count·OH·OW]
 */
export function patchRowsFromPlanes(backend: Backend, planes: Info, g: ConvGeometry, images: ImageRange): Info {
  const { inChannels, outHeight, outWidth, strideHeight, strideWidth } = g;
  const pixels = outHeight * outWidth;
  const length = images.count * pixels;
  const out = allocate(backend, [g.filterHeight * g.filterWidth * inChannels, length]);
  const heap = heapOf(backend);
  const { vertical, horizontal } = axes(g);
  const source = heapIndex(backend, planes);
  const sourceEnd = source + strideHeight * strideWidth * inChannels * g.batch * pixels;
  let target = heapIndex(backend, out);
  for (let kh = 0; kh < g.filterHeight; kh++) {
    const rows = validOutputs(kh, vertical);
    const rowOffset = kh * g.dilationHeight - g.padTop;
    const rowShift = Math.floor(rowOffset / strideHeight);
    for (let kw = 0; kw < g.filterWidth; kw++) {
      const columns = validOutputs(kw, horizontal);
      const columnOffset = kw * g.dilationWidth - g.padLeft;
      const columnShift = Math.floor(columnOffset / strideWidth);
      const residue = (rowOffset - rowShift * strideHeight) * strideWidth + (columnOffset - columnShift * strideWidth);
      const shift = rowShift * outWidth + columnShift;
      for (let c = 0; c < inChannels; c++, target += length) {
        const from = source + ((residue * inChannels + c) * g.batch + images.first) * pixels + shift;
        const begin = Math.max(from, source);
        const end = Math.min(from + length, sourceEnd);
        if (begin < end) heap.copyWithin(target + begin - from, begin, end);
        zeroBorders(heap, target, images.count, [outHeight, outWidth], rows, columns);
      }
    }
  }
  return out;
}

/** Zeroes every pixel outside rows × columns in `count` images. */
function zeroBorders(
  heap: Float32Array,
  start: number,
  count: number,
  [height, width]: [number, number],
  rows: [number, number],
  columns: [number, number],
): void {
  const allColumns = columns[0] === 0 && columns[1] === width;
  if (rows[0] === 0 && rows[1] === height && allColumns) return;
  for (let n = 0; n < count; n++) {
    const image = start + n * height * width;
    for (let i = image; i < image + rows[0] * width; i++) heap[i] = 0;
    for (let i = image + rows[1] * width; i < image + height * width; i++) heap[i] = 0;
    if (allColumns) continue;
    for (let row = rows[0]; row < rows[1]; row++) {
      const line = image + row * width;
      for (let j = 0; j < columns[0]; j++) heap[line + j] = 0;
      for (let j = columns[1]; j < width; j++) heap[line + j] = 0;
    }
  }
}

/**
 * The patches under the filter for any geometry: out[(kh, kw, c), (n, oh, ow)] = x[c, n, ih, iw], 0 outside.
 *
 * @param channelsFirst [C, N, H, W]
 * @returns [KH·KW·C, count·OH·OW]
 */
export function patchRows(backend: Backend, channelsFirst: Info, g: ConvGeometry, images: ImageRange): Info {
  const { inChannels, inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth } = g;
  const out = allocate(backend, [g.filterHeight * g.filterWidth * inChannels, images.count * outHeight * outWidth]);
  const heap = heapOf(backend);
  const source = heapIndex(backend, channelsFirst);
  const { vertical, horizontal } = axes(g);
  let target = heapIndex(backend, out);
  for (let kh = 0; kh < g.filterHeight; kh++) {
    const [rowBegin, rowEnd] = validOutputs(kh, vertical);
    const rowOffset = kh * g.dilationHeight - g.padTop;
    for (let kw = 0; kw < g.filterWidth; kw++) {
      const [begin, end] = validOutputs(kw, horizontal);
      const columnOffset = kw * g.dilationWidth - g.padLeft;
      for (let c = 0; c < inChannels; c++) {
        for (let n = images.first; n < images.first + images.count; n++) {
          const plane = source + (c * g.batch + n) * inHeight * inWidth;
          for (let oh = 0; oh < outHeight; oh++, target += outWidth) {
            if (oh < rowBegin || oh >= rowEnd) {
              for (let ow = 0; ow < outWidth; ow++) heap[target + ow] = 0;
              continue;
            }
            let from = plane + (oh * strideHeight + rowOffset) * inWidth + begin * strideWidth + columnOffset;
            for (let ow = 0; ow < begin; ow++) heap[target + ow] = 0;
            for (let ow = begin; ow < end; ow++, from += strideWidth) heap[target + ow] = heap[from]!;
            for (let ow = end; ow < outWidth; ow++) heap[target + ow] = 0;
          }
        }
      }
    }
  }
  return out;
}

/**
 * The patches with one row per output pixel, straight from NHWC: out[(n, oh, ow), (kh, kw, c)] = x[n, ih, iw, c].
 *
 * @param x [N, H, W, C]
 * @returns [N·OH·OW, KH·KW·C]
 */
export function patchColumns(backend: Backend, x: Info, g: ConvGeometry): Info {
  const { inChannels: channels, inHeight, inWidth, filterWidth } = g;
  const out = allocate(backend, [g.batch * g.outHeight * g.outWidth, g.filterHeight * filterWidth * channels]);
  const heap = heapOf(backend);
  const source = heapIndex(backend, x);
  let target = heapIndex(backend, out);
  for (let n = 0; n < g.batch; n++) {
    for (let oh = 0; oh < g.outHeight; oh++) {
      for (let ow = 0; ow < g.outWidth; ow++) {
        const left = ow * g.strideWidth - g.padLeft;
        for (let kh = 0; kh < g.filterHeight; kh++) {
          const ih = oh * g.strideHeight + kh * g.dilationHeight - g.padTop;
          const row = source + (n * inHeight + ih) * inWidth * channels;
          for (let kw = 0; kw < filterWidth; kw++, target += channels) {
            const iw = left + kw * g.dilationWidth;
            if (ih < 0 || ih >= inHeight || iw < 0 || iw >= inWidth) heap.fill(0, target, target + channels);
            else heap.copyWithin(target, row + iw * channels, row + (iw + 1) * channels);
          }
        }
      }
    }
  }
  return out;
}

/**
 * Adds patches back to where they came from, the transpose of {@link patchColumns}:
 * x[n, ih, iw, c] += columns[(n, oh, ow), (kh, kw, c)].
 *
 * @param columns [count·OH·OW, KH·KW·C] of the images in the range
 * @param x [N, H, W, C], added to in place
 */
export function addPatchColumns(backend: Backend, columns: Info, x: Info, g: ConvGeometry, images: ImageRange): void {
  const { inChannels: channels, inHeight, inWidth, filterWidth } = g;
  const heap = heapOf(backend);
  const target = heapIndex(backend, x);
  const tapsWidth = filterWidth * channels;
  let from = heapIndex(backend, columns);
  for (let n = images.first; n < images.first + images.count; n++) {
    for (let oh = 0; oh < g.outHeight; oh++) {
      for (let ow = 0; ow < g.outWidth; ow++) {
        const left = ow * g.strideWidth - g.padLeft;
        for (let kh = 0; kh < g.filterHeight; kh++, from += tapsWidth) {
          const ih = oh * g.strideHeight + kh * g.dilationHeight - g.padTop;
          if (ih < 0 || ih >= inHeight) continue;
          const row = target + (n * inHeight + ih) * inWidth * channels;
          if (g.dilationWidth === 1) {
            const begin = Math.max(0, -left) * channels;
            const end = Math.min(filterWidth, inWidth - left) * channels;
            const to = row + left * channels;
            for (let i = begin; i < end; i++) heap[to + i]! += heap[from + i]!;
          } else {
            for (let kw = 0; kw < filterWidth; kw++) {
              const iw = left + kw * g.dilationWidth;
              if (iw < 0 || iw >= inWidth) continue;
              const to = row + iw * channels;
              for (let c = 0; c < channels; c++) heap[to + c]! += heap[from + kw * channels + c]!;
            }
          }
        }
      }
    }
  }
}
