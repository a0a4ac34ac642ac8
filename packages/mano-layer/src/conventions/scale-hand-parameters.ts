import { ConfigError, ShapeError } from '@opposable/tensor-checks';
import { HAND_PARAMETER_BLOCKS, HAND_PARAMETER_COUNT } from './hand-parameters.js';

export interface ScaleHandParametersOptions {
  /**
   * What stays in place when pixels are resized; the centre of a pixel has integer coordinates.
   *
   * - `'first-pixel'`: the centre of the first pixel of the crop: t' = (t − o)·k. The rule of 3dhand's data.
   * - `'corner'`: the corner of the first pixel, as image resizing does (sharp, OpenCV, half-pixel bilinear):
   *   t' = (t − o + ½)·k − ½.
   *
   * Default 'first-pixel'.
   */
  readonly anchor?: 'first-pixel' | 'corner' | undefined;
}

/**
 * Moves the 22 numbers from an image to a crop of it that was resized: s' = s·k, t' = (t − o)·k.
 *
 * Shape, pose and rotation stay as they are.
 *
 * @param params the 22 numbers in the pixels of the image
 * @param factor k, pixels of the result per pixel of the image
 * @param cropOrigin o = (u, v), the image pixel that becomes the crop's first one
 * @param options which point the resize keeps in place
 * @returns the 22 numbers in the pixels of the resized crop, a new array
 * @throws ShapeError if there are not 22 numbers; ConfigError if the factor is not positive or a number is not finite
 *
 * @example
 * scaleHandParameters(params, 256 / 320); // from the 320 frame of synthetic data to the network's 256 frame
 */
export function scaleHandParameters(
  params: ArrayLike<number>,
  factor: number,
  cropOrigin: readonly [number, number] = [0, 0],
  { anchor = 'first-pixel' }: ScaleHandParametersOptions = {},
): Float64Array {
  if (params.length !== HAND_PARAMETER_COUNT) {
    throw new ShapeError(`scaleHandParameters: expected ${HAND_PARAMETER_COUNT} numbers, got ${params.length}.`, {
      expected: [HAND_PARAMETER_COUNT],
      actual: [params.length],
    });
  }
  if (!(factor > 0 && Number.isFinite(factor)) || !cropOrigin.every(Number.isFinite)) {
    throw new ConfigError(
      `scaleHandParameters: expected a positive factor and a finite origin, got ${factor} and [${cropOrigin.join(', ')}].`,
      { expected: 'factor > 0', actual: { factor, cropOrigin } },
    );
  }
  if (anchor !== 'first-pixel' && anchor !== 'corner') {
    throw new ConfigError(`scaleHandParameters: expected anchor first-pixel or corner, got ${String(anchor)}.`, {
      expected: ['first-pixel', 'corner'],
      actual: anchor,
    });
  }
  const half = anchor === 'corner' ? 0.5 : 0;
  const scaled = Float64Array.from(params);
  scaled[HAND_PARAMETER_BLOCKS.scale[0]]! *= factor;
  cropOrigin.forEach((origin, i) => {
    const place = HAND_PARAMETER_BLOCKS.translation[0] + i;
    scaled[place] = (scaled[place]! - origin + half) * factor - half;
  });
  return scaled;
}
