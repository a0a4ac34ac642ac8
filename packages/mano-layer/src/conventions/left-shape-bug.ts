import { ManoModelError } from '@opposable/tensor-checks';
import type { ManoModel } from '../types.js';
import { hasManoTopology } from './mano-topology.js';

/** Whether the shape directions of a left hand are those of the right hand in x; 'unclear' where the file cannot tell. */
export type LeftShapeBug = 'present' | 'absent' | 'unclear';

/** Least share of the shape variation that must be growth along an axis, and least correlation, for a verdict. */
const LEAST_GROWTH_SHARE = 0.02;
const LEAST_CORRELATION = 0.1;

/**
 * Growth of the mesh along some axes, per shape coefficient: g_k = Σ p·d_k / Σ p² over the centred coordinates p.
 *
 * @returns g, and the share of these coordinates' variation, shifts of the whole mesh left out, that it explains
 */
function growth({ vertexCount, shapeCount, vTemplate, shapeDirs }: ManoModel, axes: readonly number[]) {
  const along = new Float64Array(shapeCount);
  let spread = 0;
  let variation = 0;
  for (const axis of axes) {
    let mean = 0;
    for (let v = 0; v < vertexCount; v++) mean += vTemplate[v * 3 + axis]! / vertexCount;
    const shift = new Float64Array(shapeCount);
    for (let v = 0; v < vertexCount; v++) {
      const place = v * 3 + axis;
      const position = vTemplate[place]! - mean;
      spread += position * position;
      for (let s = 0; s < shapeCount; s++) {
        const moved = shapeDirs[place * shapeCount + s]!;
        along[s]! += position * moved;
        shift[s]! += moved;
        variation += moved * moved;
      }
    }
    variation -= shift.reduce((sum, value) => sum + value * value, 0) / vertexCount;
  }
  const explained = along.reduce((sum, value) => sum + value * value, 0) / spread;
  return { along: along.map((value) => value / spread), share: variation > 0 ? explained / variation : 0 };
}

/** Compares x of two sets of shape directions: the same (the bug), negated (mirrored), or neither. */
function compareWithRight(left: ManoModel, right: ManoModel): LeftShapeBug {
  if (left.shapeDirs.length !== right.shapeDirs.length) return 'unclear';
  let same = 0;
  let negated = 0;
  for (let v = 0; v < left.vertexCount; v++) {
    for (let s = 0; s < left.shapeCount; s++) {
      const place = v * 3 * left.shapeCount + s;
      same += Math.abs(left.shapeDirs[place]! - right.shapeDirs[place]!);
      negated += Math.abs(left.shapeDirs[place]! + right.shapeDirs[place]!);
    }
  }
  if (same < 0.1 * negated) return 'present';
  return negated < 0.1 * same ? 'absent' : 'unclear';
}

/**
 * Whether a left hand has the known bug of MANO_LEFT: its template is mirrored in x, its shape directions are not.
 *
 * Compared with the right hand's file if that is given. Alone, the file betrays itself: over a population, hands that are
 * longer are also broader and thicker, so that growth along x and growth along y and z are positively correlated over the
 * shape coefficients, r = Σ_k g_x,k g_yz,k / (|g_x| |g_yz|) > 0; negating x of the shape directions negates r.
 *
 * @param left a left hand in MANO's frame, template mirrored in the plane x = 0
 * @param right the right hand of the same mesh, if at hand
 * @returns 'unclear' where the shape directions hold no growth to speak of (|r| < 0.1 or under 2 % of the variation)
 *
 * Source of the bug and of the comparison with the right hand: issue 48 of the smplx repository.
 */
export function leftShapeBug(left: ManoModel, right?: ManoModel): LeftShapeBug {
  if (right !== undefined) return compareWithRight(left, right);
  const x = growth(left, [0]);
  const yz = growth(left, [1, 2]);
  if (!(x.share >= LEAST_GROWTH_SHARE && yz.share >= LEAST_GROWTH_SHARE)) return 'unclear';
  const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
  const r = product(x.along, yz.along) / Math.sqrt(product(x.along, x.along) * product(yz.along, yz.along));
  if (!(Math.abs(r) >= LEAST_CORRELATION)) return 'unclear';
  return r < 0 ? 'present' : 'absent';
}

/** The same model with x of its shape directions negated. */
export function negateShapeX(model: ManoModel): ManoModel {
  const row = 3 * model.shapeCount;
  return { ...model, shapeDirs: model.shapeDirs.map((value, i) => (i % row < model.shapeCount ? -value : value)) };
}

/**
 * A left hand of MANO's mesh whose shape directions have the wanted sign in x, whichever the given ones have; any other
 * hand as it is.
 *
 * @param wanted 'fixed': mirrored like the template; 'as-distributed': with the bug of MANO_LEFT
 * @param operation who asks, for the message
 * @throws ManoModelError if the model does not tell which sign it has
 */
export function withLeftShape(model: ManoModel, wanted: 'fixed' | 'as-distributed', operation: string): ManoModel {
  if (model.side !== 'left' || !hasManoTopology(model) || model.shapeCount === 0) return model;
  const bug = leftShapeBug(model);
  if (bug === 'unclear') {
    throw new ManoModelError(
      `${operation}: cannot tell whether this left hand's shape directions have the wrong sign in x; ` +
        "load it with leftShapeFix 'on' (negate x) or 'off' (leave them) and use it without a convention.",
      { expected: ['present', 'absent'], actual: bug },
    );
  }
  return (bug === 'present') === (wanted === 'as-distributed') ? model : negateShapeX(model);
}
