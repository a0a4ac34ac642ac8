import { ConfigError, ShapeError } from '@opposable/tensor-checks';
import type { Image } from './types.js';

/** Checks that both sides are positive integers. */
export function assertImageSize(width: number, height: number, operation: string): void {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new ConfigError(`${operation}: expected width and height as positive integers, got ${width} × ${height}.`, {
      expected: 'positive integers',
      actual: [width, height],
    });
  }
}

/** The number of bytes per pixel, 1 or 3, after checking that the length of the data fits the size. */
export function channelsOf(image: Image, operation: string, argument = 'image'): 1 | 3 {
  const { width, height, data } = image;
  assertImageSize(width, height, operation);
  const channels = data.length / (width * height);
  if (channels !== 1 && channels !== 3) {
    throw new ShapeError(
      `${operation}: expected ${argument} with ${width} · ${height} · 1 or 3 bytes, got ${data.length}.`,
      { expected: [width * height, width * height * 3], actual: data.length },
    );
  }
  return channels;
}

/** Checks that an image has the given number of bytes per pixel. */
export function assertChannels(image: Image, channels: 1 | 3, operation: string, argument = 'image'): void {
  if (channelsOf(image, operation, argument) !== channels) {
    throw new ShapeError(
      `${operation}: expected ${argument} with ${channels} byte${channels === 1 ? '' : 's'} per pixel, got ${4 - channels}.`,
      { expected: channels, actual: 4 - channels },
    );
  }
}

/** Checks that two images have the same size. */
export function assertSameSize(a: Image, b: Image, operation: string, argument: string): void {
  if (a.width !== b.width || a.height !== b.height) {
    throw new ShapeError(
      `${operation}: expected ${argument} of ${a.width} × ${a.height} pixels, got ${b.width} × ${b.height}.`,
      { expected: [a.width, a.height], actual: [b.width, b.height] },
    );
  }
}

/** Checks that every number is finite. */
export function assertFinite(values: ArrayLike<number>, operation: string, argument: string): void {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * 0; // NaN from the first that is not finite on
  if (sum === 0) return;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new ConfigError(`${operation}: expected ${argument} to be finite, got ${values[i]} at index ${i}.`, {
        expected: 'finite numbers',
        actual: values[i],
      });
    }
  }
}
