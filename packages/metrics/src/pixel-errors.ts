import { ConfigError, ShapeError } from '@opposable/tensor-checks';
import { jointErrors } from './joint-errors.js';
import { meanError } from './mean-error.js';
import { countHands, type ValidityMask } from './points-input.js';

export interface PixelErrorOptions {
  /** [N] flags, for example visibilities; points left out are not read. */
  readonly mask?: ValidityMask | undefined;
}

/**
 * Mean Euclidean distance of 2D points, in pixels.
 *
 * @param predicted flat `[N, 2]` in pixels
 * @param target flat `[N, 2]` in pixels of the same image
 * @returns pixels
 * @throws ShapeError for empty input or lengths that do not fit; OpposableError for NaN or no valid point
 *
 * @example
 * meanPixelError([0, 0, 10, 10], [3, 4, 10, 10]); // → 2.5
 */
export function meanPixelError(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  options: PixelErrorOptions = {},
): number {
  return meanError(jointErrors(predicted, target, { dimension: 2, mask: options.mask }), options);
}

export interface NormalizedPixelErrorOptions extends PixelErrorOptions {
  /** What one means, in pixels: the side of the image or of the hand's box. One number, or [B] one per hand. */
  readonly size: number | ArrayLike<number>;
  /** Points per hand. Default 21. */
  readonly jointCount?: number | undefined;
}

/**
 * Mean Euclidean distance of 2D points as a fraction of the image's side or of each hand's size.
 *
 * @param predicted flat `[B, jointCount, 2]` in pixels
 * @param target flat `[B, jointCount, 2]` in pixels of the same image
 * @returns without unit; 0.045 is 4.5 % of the size
 * @throws ShapeError for empty input or lengths that do not fit; ConfigError for a size that is not positive;
 *   OpposableError for NaN or no valid point
 *
 * @example
 * normalizedPixelError([0, 0, 10, 10], [3, 4, 10, 10], { size: [50, 100], jointCount: 1 }); // → 0.05
 */
export function normalizedPixelError(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  options: NormalizedPixelErrorOptions,
): number {
  const { size, jointCount = 21, mask } = options;
  const errors = jointErrors(predicted, target, { dimension: 2, mask });
  const hands = countHands(errors.length, jointCount, 'normalizedPixelError');
  const sizes = typeof size === 'number' ? new Float64Array(hands).fill(size) : Float64Array.from(size);
  if (sizes.length !== hands) {
    throw new ShapeError(`normalizedPixelError: expected ${hands} sizes, one per hand, got ${sizes.length}.`, {
      expected: hands,
      actual: sizes.length,
    });
  }
  const wrong = sizes.findIndex((value) => !(value > 0 && value < Infinity));
  if (wrong >= 0) {
    throw new ConfigError(
      `normalizedPixelError: expected positive sizes in pixels, got ${sizes[wrong]} for hand ${wrong}.`,
      { expected: 'size > 0', actual: sizes[wrong] },
    );
  }
  return meanError(
    errors.map((error, i) => error / sizes[Math.floor(i / jointCount)]!),
    { mask },
  );
}
