import { FileFormatError } from '@opposable/tensor-checks';
import type { FreihandHands } from './freihand-scores.js';

/** Hands of a submission, or of a file of labels, with the number of vertices of each. */
export interface SubmittedHands extends FreihandHands {
  readonly count: number;
  /** 0 where there are none. */
  readonly vertexCount: number;
}

function fileError(operation: string, expected: string, actual: string): FileFormatError {
  return new FileFormatError(`${operation}: expected ${expected}, got ${actual}.`, { expected, actual });
}

/** Lists of lists of points, all hands with the same number of points. */
function flatten(value: unknown, name: string, operation: string, points?: number): Float64Array {
  if (!Array.isArray(value)) throw fileError(operation, `${name} as a list of hands`, typeof value);
  const hands = value as unknown[];
  const each = points ?? (Array.isArray(hands[0]) ? hands[0].length : 0);
  const flat = new Float64Array(hands.length * each * 3);
  hands.forEach((hand, h) => {
    if (!Array.isArray(hand) || hand.length !== each) {
      const found = Array.isArray(hand) ? `${hand.length} points` : typeof hand;
      throw fileError(operation, `${each} points in hand ${h} of ${name}`, found);
    }
    (hand as unknown[]).forEach((point, p) => {
      const numbers = point as number[];
      const good =
        Array.isArray(point) && point.length === 3 && numbers.every((x) => typeof x === 'number' && Number.isFinite(x));
      if (!good)
        throw fileError(operation, `three finite numbers at point ${p} of hand ${h} of ${name}`, JSON.stringify(point));
      flat.set(numbers, (h * each + p) * 3);
    });
  });
  return flat;
}

/**
 * Reads the points of `evaluation_xyz.json` or `evaluation_verts.json` of FreiHAND: [hand][point][3].
 *
 * @param value what `JSON.parse` gave
 * @param name of the file, for errors
 * @returns flat [hands, points, 3]
 * @throws FileFormatError for another form or a number that is not finite
 */
export function parseHandPoints(value: unknown, name: string): Float64Array {
  return flatten(value, name, 'parseHandPoints');
}

/**
 * Reads a submission to the evaluations of FreiHAND and HO-3D: the JSON list [xyz, verts], xyz [hand][21][3], verts
 * [hand][V][3], metres.
 *
 * @param value what `JSON.parse` gave
 * @throws FileFormatError for another form or a number that is not finite
 *
 * @example
 * const hand = Array.from({ length: 21 }, (_, i) => [i, 0, 1]);
 * parseHandSubmission([[hand], [[]]]).xyz[3]; // → 1
 */
export function parseHandSubmission(value: unknown): SubmittedHands {
  const operation = 'parseHandSubmission';
  if (!Array.isArray(value) || value.length !== 2)
    throw fileError(
      operation,
      'a list of two: xyz and verts',
      Array.isArray(value) ? `one of ${value.length}` : typeof value,
    );
  const xyz = flatten(value[0], 'xyz', operation, 21);
  const count = xyz.length / 63;
  const hands = value[1] as unknown;
  if (!Array.isArray(hands) || hands.length !== count) {
    throw fileError(
      operation,
      `${count} hands in verts as in xyz`,
      Array.isArray(hands) ? String(hands.length) : typeof hands,
    );
  }
  const verts = flatten(hands, 'verts', operation);
  const vertexCount = verts.length / count / 3;
  return { count, vertexCount, xyz, ...(vertexCount > 0 ? { verts } : {}) };
}

/**
 * The text of a submission to the evaluations of FreiHAND and HO-3D, rounded to 0.01 mm.
 *
 * @param hands flat joints [B, 21, 3], and vertices [B, V, 3], metres; without vertices their lists stay empty
 *
 * @example
 * const xyz = Array.from({ length: 63 }, (_, i) => i / 100);
 * handSubmissionJson({ xyz }).slice(0, 20); // → '[[[[0,0.01,0.02],[0.'
 */
export function handSubmissionJson({ xyz, verts }: FreihandHands): string {
  const count = xyz.length / 63;
  const nested = (values: ArrayLike<number>): number[][][] => {
    const points = values.length / count / 3;
    return Array.from({ length: count }, (_, h) =>
      Array.from({ length: points }, (_, p) =>
        [0, 1, 2].map((d) => Math.round(values[(h * points + p) * 3 + d]! * 1e5) / 1e5),
      ),
    );
  };
  return JSON.stringify([nested(xyz), nested(verts ?? [])]);
}
