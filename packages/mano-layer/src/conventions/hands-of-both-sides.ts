import { ConfigError } from '@opposable/tensor-checks';
import type { ManoModel, Side } from '../types.js';
import { leftShapeBug, negateShapeX } from './left-shape-bug.js';
import { hasManoTopology } from './mano-topology.js';
import { mirrorModel } from './mirror-model.js';

/** The models that annotations refer to: one hand, or both. */
export type ManoHands = ManoModel | { readonly left?: ManoModel | undefined; readonly right?: ManoModel | undefined };

const mirrored = new WeakMap<ManoModel, ManoModel>();
const negated = new WeakMap<ManoModel, ManoModel>();

function remembered(memory: WeakMap<ManoModel, ManoModel>, model: ManoModel, make: (model: ManoModel) => ManoModel) {
  const known = memory.get(model) ?? make(model);
  memory.set(model, known);
  return known;
}

/**
 * The model of one side: as given, or the mirror image of the other one.
 *
 * @param hands one model, or both
 * @param leftShapeFix which sign x of a left hand's shape directions shall have on MANO's mesh, whichever the given model
 *   has: 'on' put right, 'off' as MANO_LEFT is distributed. A model that does not tell counts as put right
 * @throws ConfigError if there is no model, or if one stands on the wrong side
 */
export function handOfSide(hands: ManoHands, side: Side, leftShapeFix: 'on' | 'off'): ManoModel {
  const { left, right }: { left?: ManoModel | undefined; right?: ManoModel | undefined } =
    'vTemplate' in hands ? { [hands.side]: hands } : hands;
  for (const [place, model] of [
    ['left', left],
    ['right', right],
  ] as const) {
    if (model === undefined || model.side === place) continue;
    throw new ConfigError(`handOfSide: expected a ${place} hand as the ${place} model, got a ${model.side} one.`, {
      expected: place,
      actual: model.side,
    });
  }
  const [own, other] = side === 'left' ? [left, right] : [right, left];
  if (own === undefined && other === undefined) {
    throw new ConfigError('handOfSide: expected a left or a right model, got none.', { expected: ['left', 'right'] });
  }
  const model = own ?? remembered(mirrored, other!, mirrorModel);
  if (side === 'right' || !hasManoTopology(model)) return model;
  const bug = left === undefined ? 'absent' : leftShapeBug(left, right);
  return (bug === 'present') === (leftShapeFix === 'off') ? model : remembered(negated, model, negateShapeX);
}
