import { mirrorModel, type ManoModel, type Side } from '@opposable/mano-layer/conventions';
import { decodeModel } from './decode-model.js';
import { readAsset } from './read-asset.js';

const loaded = new Map<Side, ManoModel>();

/**
 * The open hand: an openly licensed hand in the MANO schema, decoded from the package itself.
 *
 * Metres and radians. Right hand: fingers along −x, back of the hand +y, thumb +z, the wrist joint at
 * (0.095, 0.006, 0.006). The left hand is the right one reflected in the plane x = 0. The same object is returned on
 * every call; its arrays are not to be written to.
 *
 * @param side 'right' or 'left'
 * @returns a model with V = 1159 vertices, F = 2314 triangles, 16 joints, 10 shape directions and 45 pose components
 */
export function loadOpenHand(side: Side): ManoModel {
  let model = loaded.get(side);
  if (model === undefined) {
    model = side === 'right' ? decodeModel(readAsset()) : mirrorModel(loadOpenHand('right'));
    loaded.set(side, model);
  }
  return model;
}
