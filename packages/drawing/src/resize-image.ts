import { assertImageSize, channelsOf } from './image-checks.js';
import type { Image } from './types.js';

export interface ResizeOptions {
  /**
   * - 'area': the mean of what the new pixel covers, exact fractions at its borders; for making images smaller
   * - 'bilinear': between the four nearest centres, borders repeated; for making images larger
   * - 'nearest': the centre nearest to the new one, of two equally near the left or upper; for ids and masks
   *
   * Default per axis: 'area' where the image gets smaller, else 'bilinear'.
   */
  readonly method?: 'area' | 'bilinear' | 'nearest' | undefined;
}

/** For each new pixel along one axis the first old pixel and the weights of it and those that follow. */
interface AxisWeights {
  readonly starts: Int32Array;
  readonly taps: number;
  readonly weights: Float64Array;
}

function axisWeights(from: number, to: number, method: 'area' | 'bilinear' | 'nearest'): AxisWeights {
  const ratio = from / to;
  const taps = method === 'area' ? Math.ceil(ratio) + 1 : method === 'bilinear' ? 2 : 1;
  const starts = new Int32Array(to);
  const weights = new Float64Array(to * taps);
  const add = (pixel: number, source: number, weight: number) => {
    const clamped = Math.min(from - 1, Math.max(0, source));
    weights[pixel * taps + clamped - starts[pixel]!]! += weight;
  };
  for (let pixel = 0; pixel < to; pixel++) {
    if (method === 'area') {
      const begin = pixel * ratio;
      const end = begin + ratio;
      starts[pixel] = Math.min(from - 1, Math.floor(begin));
      for (let source = starts[pixel]!; source < Math.min(from, end); source++) {
        const overlap = Math.min(end, source + 1) - Math.max(begin, source);
        if (overlap > 0) add(pixel, source, overlap / ratio);
      }
    } else if (method === 'bilinear') {
      const center = (pixel + 0.5) * ratio - 0.5;
      const low = Math.floor(center);
      starts[pixel] = Math.min(Math.max(0, low), Math.max(0, from - 2));
      add(pixel, low, low + 1 - center);
      add(pixel, low + 1, center - low);
    } else {
      starts[pixel] = Math.min(from - 1, Math.max(0, Math.ceil((pixel + 0.5) * ratio - 1)));
      weights[pixel] = 1;
    }
  }
  return { starts, taps, weights };
}

/**
 * A new image of another size. The borders of both images coincide, so a point at u moves to
 * `(u + 0.5) · newWidth / width − 0.5`, and likewise for rows.
 *
 * @throws ConfigError if a side is not a positive integer
 */
export function resizeImage<I extends Image>(image: I, width: number, height: number, options: ResizeOptions = {}): I {
  const channels = channelsOf(image, 'resizeImage');
  assertImageSize(width, height, 'resizeImage');
  const methodFor = (from: number, to: number) => options.method ?? (to < from ? 'area' : 'bilinear');
  const across = axisWeights(image.width, width, methodFor(image.width, width));
  const down = axisWeights(image.height, height, methodFor(image.height, height));

  const rows = new Float64Array(image.height * width * channels);
  for (let y = 0, out = 0; y < image.height; y++) {
    for (let x = 0; x < width; x++) {
      const start = (y * image.width + across.starts[x]!) * channels;
      for (let c = 0; c < channels; c++, out++) {
        let sum = 0;
        for (let t = 0; t < across.taps; t++) {
          const weight = across.weights[x * across.taps + t]!;
          if (weight !== 0) sum += weight * image.data[start + t * channels + c]!;
        }
        rows[out] = sum;
      }
    }
  }
  const stride = width * channels;
  const data = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const start = down.starts[y]! * stride;
    for (let i = 0; i < stride; i++) {
      let sum = 0;
      for (let t = 0; t < down.taps; t++) {
        const weight = down.weights[y * down.taps + t]!;
        if (weight !== 0) sum += weight * rows[start + t * stride + i]!;
      }
      data[y * stride + i] = Math.round(sum);
    }
  }
  return { ...image, width, height, data };
}
