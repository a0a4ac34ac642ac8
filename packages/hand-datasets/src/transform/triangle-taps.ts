import { type Sampling, samplingMap } from './sampling-map.js';

/** The part that source pixels of one axis have in its output pixels. */
export interface Taps {
  /** first source index per output index */
  readonly first: Int32Array;
  /** taps per output index */
  readonly count: number;
  /** output index × count; rows of zeros where the centre lies outside the source */
  readonly weights: Float32Array;
}

/**
 * Triangle filter around the source position of every output pixel: bilinear interpolation when enlarging, widened by
 * the shrink factor (an area-weighted mean) when shrinking.
 */
export function triangleTaps(
  sourceSize: number,
  start: number,
  extent: number,
  outputSize: number,
  sampling: Sampling,
): Taps {
  const { scale, offset } = samplingMap(start, extent, outputSize, sampling);
  const step = 1 / scale; // source pixels per output pixel
  const support = Math.max(1, step);
  const count = Math.min(sourceSize, Math.ceil(2 * support)); // whole numbers between center ± support
  const first = new Int32Array(outputSize);
  const weights = new Float32Array(outputSize * count);
  for (let i = 0; i < outputSize; i++) {
    const center = (i - offset) * step;
    if (!(center >= -0.5 && center <= sourceSize - 0.5)) continue;
    const from = Math.max(0, Math.min(sourceSize - count, Math.floor(center - support) + 1));
    first[i] = from;
    let sum = 0;
    for (let k = 0; k < count; k++) sum += Math.max(0, 1 - Math.abs(from + k - center) / support);
    for (let k = 0; k < count; k++) {
      weights[i * count + k] = Math.max(0, 1 - Math.abs(from + k - center) / support) / sum;
    }
  }
  return { first, count, weights };
}
