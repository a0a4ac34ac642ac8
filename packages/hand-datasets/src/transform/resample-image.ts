import type { GrayImage, RgbImage } from '@opposable/drawing';
import type { ImageSize } from './move-annotation.js';

/** A window of an image: its first column and row (which may be fractional) and its extent, in pixels. */
export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Which source position an output pixel shows. 'half-pixel' (exact, default): both images are areas of pixels,
 * u = x − 0.5 + (u' + 0.5)·width/outputWidth. 'corners' (3dhand): u = x + u'·width/(outputWidth − 1), the first and the
 * last pixel stand at the window's ends.
 */
export type Sampling = 'half-pixel' | 'corners';

interface Taps {
  /** first source index per output index */
  readonly first: Int32Array;
  /** taps per output index */
  readonly count: number;
  /** output index × count; rows of zeros where the centre lies outside the source */
  readonly weights: Float32Array;
}

/**
 * The map u' = scale · u + offset from source to output pixels along one axis.
 *
 * @param start first pixel of the window
 * @param extent of the window in pixels
 * @param outputSize pixels of the output
 */
export function samplingMap(
  start: number,
  extent: number,
  outputSize: number,
  sampling: Sampling,
): { readonly scale: number; readonly offset: number } {
  if (sampling === 'corners') {
    const scale = (outputSize - 1) / extent;
    return { scale, offset: -start * scale };
  }
  const scale = outputSize / extent;
  return { scale, offset: (0.5 - start) * scale - 0.5 };
}

/**
 * Triangle filter around the source position of every output pixel: bilinear interpolation when enlarging, widened by
 * the shrink factor (an area-weighted mean) when shrinking.
 */
function triangleTaps(sourceSize: number, start: number, extent: number, outputSize: number, sampling: Sampling): Taps {
  const { scale, offset } = samplingMap(start, extent, outputSize, sampling);
  const step = 1 / scale; // source pixels per output pixel
  const support = Math.max(1, step);
  const count = Math.min(sourceSize, Math.floor(2 * support) + 1);
  const first = new Int32Array(outputSize);
  const weights = new Float32Array(outputSize * count);
  for (let i = 0; i < outputSize; i++) {
    const center = (i - offset) * step;
    if (!(center >= -0.5 && center <= sourceSize - 0.5)) continue;
    const from = Math.max(0, Math.min(sourceSize - count, Math.ceil(center - support)));
    first[i] = from;
    let sum = 0;
    for (let k = 0; k < count; k++) sum += Math.max(0, 1 - Math.abs(from + k - center) / support);
    for (let k = 0; k < count; k++) {
      weights[i * count + k] = Math.max(0, 1 - Math.abs(from + k - center) / support) / sum;
    }
  }
  return { first, count, weights };
}

function resampleBytes(
  source: { readonly width: number; readonly height: number; readonly data: Uint8Array },
  channels: number,
  crop: Crop,
  output: ImageSize,
  sampling: Sampling,
): Uint8Array {
  const columns = triangleTaps(source.width, crop.x, crop.width, output.width, sampling);
  const rows = triangleTaps(source.height, crop.y, crop.height, output.height, sampling);
  const firstRow = Math.min(...rows.first);
  const lastRow = Math.max(...rows.first) + rows.count;
  const stride = output.width * channels;

  const narrowed = new Float32Array((lastRow - firstRow) * stride);
  for (let row = firstRow; row < lastRow; row++) {
    const sourceRow = row * source.width * channels;
    let target = (row - firstRow) * stride;
    for (let column = 0; column < output.width; column++) {
      const base = sourceRow + columns.first[column]! * channels;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let k = 0; k < columns.count; k++) {
          sum += columns.weights[column * columns.count + k]! * source.data[base + k * channels + channel]!;
        }
        narrowed[target++] = sum;
      }
    }
  }

  const data = new Uint8Array(output.height * stride);
  const line = new Float32Array(stride);
  for (let row = 0; row < output.height; row++) {
    line.fill(0.5); // bytes are cut off below
    const base = (rows.first[row]! - firstRow) * stride;
    for (let k = 0; k < rows.count; k++) {
      const weight = rows.weights[row * rows.count + k]!;
      if (weight === 0) continue;
      for (let i = 0; i < stride; i++) line[i] = line[i]! + weight * narrowed[base + k * stride + i]!;
    }
    data.set(line, row * stride);
  }
  return data;
}

/**
 * A window of an image at another size. By default half-pixel exact: output pixel u' shows source position
 * u = crop.x − 0.5 + (u' + 0.5)·crop.width/width; see {@link Sampling}.
 *
 * Enlarging interpolates bilinearly; shrinking widens the same triangle by the shrink factor, so that every source pixel
 * counts. Positions outside the image are black (0); at its border the outermost pixels are repeated.
 *
 * @param image RGB or gray, told apart by the length of its data
 * @param crop window in pixels of the image; default the whole image
 * @param output width and height of the result
 * @returns a new image of the same kind
 */
export function resampleImage<T extends RgbImage | GrayImage>(
  image: T,
  output: ImageSize,
  crop?: Crop,
  sampling: Sampling = 'half-pixel',
): T {
  const channels = image.data.length / (image.width * image.height);
  const window = crop ?? { x: 0, y: 0, width: image.width, height: image.height };
  const data = resampleBytes(image, channels, window, output, sampling);
  return { width: output.width, height: output.height, data } as unknown as T;
}
