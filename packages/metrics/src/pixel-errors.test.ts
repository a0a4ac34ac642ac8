import { meanPixelError, normalizedPixelError } from './pixel-errors.js';

const predicted = [0, 0, 10, 10, 20, 20, 30, 30];
const target = [3, 4, 10, 10, 20, 25, 30, 45];

describe('meanPixelError', () => {
  it('is the mean distance of visible points', () => {
    expect(meanPixelError(predicted, target)).toBe((5 + 0 + 5 + 15) / 4);
    expect(meanPixelError(predicted, target, { mask: [2, 1, 0, 0] })).toBe(2.5);
    expect(() => meanPixelError([1, NaN], [1, 1])).toThrow('got NaN in predicted at point 0');
    expect(() => meanPixelError([], [])).toThrow('N×2 numbers with N >= 1, got 0');
  });
});

describe('normalizedPixelError', () => {
  it('divides by the size of the image or of each hand', () => {
    expect(normalizedPixelError(predicted, target, { size: 100, jointCount: 2 })).toBeCloseTo(0.0625, 12);
    expect(normalizedPixelError(predicted, target, { size: [100, 10], jointCount: 2 })).toBeCloseTo(
      (0.05 + 0 + 0.5 + 1.5) / 4,
      12,
    );
    const mask = [1, 1, 1, 0];
    expect(normalizedPixelError(predicted, target, { size: [100, 10], jointCount: 2, mask })).toBeCloseTo(0.55 / 3, 12);
  });

  it('names a wrong size', () => {
    expect(() => normalizedPixelError(predicted, target, { size: [1, 0], jointCount: 2 })).toThrow(
      'normalizedPixelError: expected positive sizes in pixels, got 0 for hand 1.',
    );
    expect(() => normalizedPixelError(predicted, target, { size: [1], jointCount: 2 })).toThrow(
      'normalizedPixelError: expected 2 sizes, one per hand, got 1.',
    );
    expect(() => normalizedPixelError(predicted, target, { size: 5 })).toThrow(
      'expected a multiple of jointCount = 21',
    );
  });
});
