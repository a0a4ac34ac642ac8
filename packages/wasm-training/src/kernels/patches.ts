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

/**
 * The patches under the filter, one row per tap and channel: out[(kh, kw, c), (n, oh, ow)] = x[n, ih, iw, c], 0 outside.
 *
 * @param channelsFirst x as [C, N, H, W]
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
      const full = begin === 0 && end === outWidth;
      for (let c = 0; c < inChannels; c++) {
        for (let n = images.first; n < images.first + images.count; n++) {
          const plane = source + (c * g.batch + n) * inHeight * inWidth;
          if (rowBegin > 0) heap.fill(0, target, target + rowBegin * outWidth);
          for (let oh = rowBegin; oh < rowEnd; oh++) {
            const row = target + oh * outWidth;
            let from = plane + (oh * strideHeight + rowOffset) * inWidth + begin * strideWidth + columnOffset;
            if (!full) {
              for (let ow = 0; ow < begin; ow++) heap[row + ow] = 0;
              for (let ow = end; ow < outWidth; ow++) heap[row + ow] = 0;
            }
            for (let ow = begin; ow < end; ow++) {
              heap[row + ow] = heap[from]!;
              from += strideWidth;
            }
          }
          if (rowEnd < outHeight) heap.fill(0, target + rowEnd * outWidth, target + outHeight * outWidth);
          target += outHeight * outWidth;
        }
      }
    }
  }
  return out;
}

/**
 * Adds patch columns back to where they came from, the transpose of taking patches:
 * x[n, ih, iw, c] += columns[(n, oh, ow), (kh, kw, c)].
 *
 * @param columns [count·OH·OW, KH·KW·C] of the images in the range
 * @param x [N, H, W, C], added to in place
 */
export function addPatchColumns(backend: Backend, columns: Info, x: Info, g: ConvGeometry, images: ImageRange): void {
  const { inChannels: channels, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth } = g;
  const heap = heapOf(backend);
  const target = heapIndex(backend, x);
  const tapsWidth = filterWidth * channels;
  let from = heapIndex(backend, columns);
  for (let n = images.first; n < images.first + images.count; n++) {
    for (let oh = 0; oh < outHeight; oh++) {
      for (let ow = 0; ow < outWidth; ow++) {
        const left = ow * g.strideWidth - g.padLeft;
        for (let kh = 0; kh < filterHeight; kh++, from += tapsWidth) {
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
