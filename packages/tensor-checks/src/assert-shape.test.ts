import { assertShape } from './assert-shape.js';
import { OpposableError, ShapeError } from './errors.js';

describe('assertShape', () => {
  it('returns the sizes of named dimensions', () => {
    expect(assertShape({ shape: [4, 21, 3] }, ['B', 21, 3], 'f', 'x')).toEqual({ B: 4 });
    expect(assertShape({ shape: [] }, [], 'f', 'x')).toEqual({});
  });

  it('accepts any leading dimensions after dots', () => {
    expect(assertShape({ shape: [3] }, ['...', 3], 'f', 'x')).toEqual({});
    expect(assertShape({ shape: [2, 5, 3] }, ['...', 3], 'f', 'x')).toEqual({});
    expect(() => assertShape({ shape: [] }, ['...', 3], 'f', 'x')).toThrow(ShapeError);
  });

  it('names function, argument, expected and actual shape', () => {
    expect(() => assertShape({ shape: [2, 16, 3] }, ['B', 21, 3], 'jointLoss', 'pred')).toThrow(
      'jointLoss: expected pred of shape [B, 21, 3], got [2, 16, 3].',
    );
  });

  it('holds a named dimension to its earlier size', () => {
    const sizes = assertShape({ shape: [2, 3] }, ['B', 3], 'f', 'x');
    expect(() => assertShape({ shape: [4, 3] }, ['B', 3], 'f', 'y', sizes)).toThrow(
      'f: expected y of shape [B, 3] with B = 2, got [4, 3].',
    );
    expect(() => assertShape({ shape: [2, 3] }, ['N', 'N'], 'f', 'x')).toThrow(ShapeError);
  });

  it('carries expected and actual for programs', () => {
    try {
      assertShape({ shape: [1] }, [2], 'f', 'x');
      throw new Error('assertShape accepted a wrong shape');
    } catch (error) {
      expect(error).toBeInstanceOf(OpposableError);
      expect(error).toMatchObject({ name: 'ShapeError', expected: [2], actual: [1] });
    }
  });
});
