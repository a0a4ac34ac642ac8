import { ConfigError } from '@opposable/tensor-checks';
import type { Schedule } from './schedule.js';

export interface Piece {
  /** First iteration at which the value holds. */
  from: number;
  value: number;
}

/**
 * The value of the last piece that has begun.
 *
 * @throws ConfigError unless the pieces begin at 0 and in rising order
 *
 * @example
 * const maskWeight = piecewise([{ from: 0, value: 100 }, { from: 2000, value: 10 }, { from: 4000, value: 1 }]);
 * maskWeight(1999); // → 100
 */
export function piecewise(pieces: readonly Piece[]): Schedule {
  const begins = pieces.map((piece) => piece.from);
  if (begins[0] !== 0 || begins.some((from, i) => i > 0 && !(from > begins[i - 1]!))) {
    throw new ConfigError(`piecewise: expected pieces that begin at 0 and rise, got [${begins.join(', ')}].`, {
      expected: '0 first, then rising',
      actual: begins,
    });
  }
  return (iteration) => {
    let value = pieces[0]!.value;
    for (const piece of pieces) if (iteration >= piece.from) value = piece.value;
    return value;
  };
}
