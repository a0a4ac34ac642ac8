import { mirrorModel, type ManoModel } from '@opposable/mano-layer/conventions';
import type { Rng } from '@opposable/tensor-checks';
import { type DrawnHand, drawHand } from '../sampling/draw-hand.js';
import type { SynthesisSettings } from '../settings/types.js';
import { forearmOf } from './forearm.js';
import type { PartMesh } from './types.js';

const mirrored = new WeakMap<ManoModel, ManoModel>();

/** The hand of the other side, made once. */
export function otherSide(model: ManoModel): ManoModel {
  let other = mirrored.get(model);
  if (other === undefined) mirrored.set(model, (other = mirrorModel(model)));
  return other;
}

/**
 * Another hand of either side next to the first, or partly behind or before it, with a forearm and a sleeve of its own. It has no
 * annotation.
 *
 * @param look skin of a hand's vertices, and what a mesh that begins with them needs to be seen as skin
 */
export function secondHandOf(
  rng: Rng,
  model: ManoModel,
  hand: DrawnHand,
  settings: SynthesisSettings,
  look: {
    readonly colors: (own: ManoModel) => Float64Array;
    readonly dress: (own: ManoModel, bare: PartMesh) => PartMesh;
  },
): PartMesh[] {
  const { otherSideShare, behindShare, distance } = settings.secondHand;
  const own = rng.uniform() < otherSideShare ? otherSide(model) : model;
  const drawn = drawHand(rng.split('hand'), own, settings);
  const size = (points: ArrayLike<number>, axis: number): [number, number] => {
    let [low, high] = [Infinity, -Infinity];
    for (let i = axis; i < points.length; i += 3) {
      low = Math.min(low, points[i]!);
      high = Math.max(high, points[i]!);
    }
    return [low, high];
  };
  const angle = rng.uniform(0, 2 * Math.PI);
  const direction = [Math.cos(angle), Math.sin(angle)] as const;
  const shift = [0, 0, 0];
  const apart = rng.uniform(...distance);
  for (const axis of [0, 1] as const) {
    const [low, high] = size(hand.vertices, axis);
    const [ownLow, ownHigh] = size(drawn.vertices, axis);
    const gap = 0.5 * (high - low + ownHigh - ownLow);
    shift[axis] = 0.5 * (low + high - ownLow - ownHigh) + direction[axis] * apart * gap;
  }
  const [near, far] = size(hand.vertices, 2);
  const [ownNear, ownFar] = size(drawn.vertices, 2);
  // mostly behind, so that the annotated hand shows
  shift[2] =
    rng.uniform() < behindShare ? far - ownNear + rng.uniform(-0.01, 0.08) : near - ownFar - rng.uniform(0, 0.04);
  const colors = look.colors(own);
  const arm = forearmOf(rng.split('forearm'), own, drawn, colors, settings.forearm);
  const bare: PartMesh = arm?.skin ?? { part: 'second-hand', vertices: drawn.vertices, faces: own.faces, colors };
  return [look.dress(own, bare), ...(arm?.sleeve ? [arm.sleeve] : [])].map((mesh) => ({
    ...mesh,
    part: 'second-hand',
    vertices: mesh.vertices.map((value, i) => value + shift[i % 3]!),
  }));
}
