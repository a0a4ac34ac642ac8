import { ShapeError } from './errors.js';

/** Anything with a shape: a tensor, an ndarray. */
export interface Shaped {
  readonly shape: readonly number[];
}

/** One entry of a shape pattern: a size, a named dimension, or `'...'` (first place only) for any leading dimensions. */
export type Dimension = number | string;

/** Sizes of the named dimensions met so far. */
export type DimensionSizes = Record<string, number>;

/**
 * Checks a shape against a pattern and returns the sizes of its named dimensions.
 *
 * A number must match exactly. A name matches any size, but the same one wherever it stands, also in `known`.
 * `'...'` in the first place matches any number of leading dimensions.
 *
 * @param value tensor or array whose shape is checked
 * @param pattern for example `['B', 21, 3]` or `['...', 3]`
 * @param operation name of the function whose argument is checked
 * @param argument name of the argument
 * @param known sizes of named dimensions from earlier arguments
 * @returns `known` with the sizes found here added
 * @throws ShapeError `jointLoss: expected pred of shape [B, 21, 3], got [2, 16, 3].`
 *
 * @example
 * assertShape({ shape: [4, 21, 3] }, ['B', 21, 3], 'jointLoss', 'pred'); // → { B: 4 }
 */
export function assertShape(
  value: Shaped,
  pattern: readonly Dimension[],
  operation: string,
  argument: string,
  known: DimensionSizes = {},
): DimensionSizes {
  const { shape } = value;
  const open = pattern[0] === '...';
  const trailing = open ? pattern.slice(1) : pattern;
  const sizes = { ...known };
  const offset = shape.length - trailing.length;
  let fits = open ? offset >= 0 : offset === 0;
  for (let i = 0; fits && i < trailing.length; i++) {
    const expected = trailing[i]!;
    const actual = shape[offset + i]!;
    if (typeof expected === 'number') fits = expected === actual;
    else if (sizes[expected] === undefined) sizes[expected] = actual;
    else fits = sizes[expected] === actual;
  }
  if (!fits) {
    const bound = trailing.filter((entry) => typeof entry === 'string' && known[entry] !== undefined);
    const where = bound.length === 0 ? '' : ` with ${bound.map((name) => `${name} = ${known[name]}`).join(', ')}`;
    throw new ShapeError(
      `${operation}: expected ${argument} of shape [${pattern.join(', ')}]${where}, got [${shape.join(', ')}].`,
      { expected: pattern, actual: shape },
    );
  }
  return sizes;
}
