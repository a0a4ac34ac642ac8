/**
 * Self-intersection of a hand by capsules: one around each of the 15 finger bones and one around each metacarpal, with
 * radii measured on the mesh at rest. Two capsules overlap by r₁ + r₂ − distance of their axes; what overlaps in the flat
 * hand already, where fingers and palm join, does not count.
 */
import { axisAngleToMatrix } from '@opposable/geometry/host';
import { fingertipVertices, type ManoModel } from '@opposable/mano-layer/conventions';
import { prepareModel } from '@opposable/skinning/host';
import { segmentDistance } from './segment-distance.js';

const JOINTS = 16;
const BONES = 15;
const FINGER_ORDER = ['index', 'middle', 'pinky', 'ring', 'thumb'] as const;
/** The capsule is thinner than the finger is wide: flesh gives way. */
const FIRMNESS = 0.86;
/** Between a bone and the metacarpals, as parts of the palm's half thickness. */
const PALM = 0.8;

interface Proxy {
  /** [20] metres: finger bones 1 … 15, then the metacarpals of index, middle, pinky, ring, thumb */
  readonly radii: Float64Array;
  /** [5, 3] tips in the rest pose, relative to the last joint of their finger */
  readonly tips: Float64Array;
  /** pairs of capsules that are looked at */
  readonly pairs: Uint8Array;
  /** overlap of each pair in the flat hand */
  readonly rest: Float64Array;
}

const proxies = new WeakMap<ManoModel, Proxy>();

/** Ends of the capsules, [20, 6]; `joints` [16, 3], `tips` [5, 3]. */
function segments(joints: ArrayLike<number>, tips: ArrayLike<number>, out: Float64Array): Float64Array {
  for (let finger = 0; finger < 5; finger++) {
    for (let k = 0; k < 3; k++) {
      const bone = 3 * finger + k;
      const from = 3 * (bone + 1);
      for (let axis = 0; axis < 3; axis++) {
        out[6 * bone + axis] = joints[from + axis]!;
        out[6 * bone + 3 + axis] = k === 2 ? tips[3 * finger + axis]! : joints[from + 3 + axis]!;
      }
    }
    for (let axis = 0; axis < 3; axis++) {
      // from a third of the way on: near the wrist the metacarpals are one
      const [wrist, knuckle] = [joints[axis]!, joints[3 * (3 * finger + 1) + axis]!];
      out[6 * (BONES + finger) + axis] = wrist + (knuckle - wrist) / 3;
      out[6 * (BONES + finger) + 3 + axis] = wrist + 0.94 * (knuckle - wrist);
    }
  }
  return out;
}

/** Mean distance of the vertices of each bone from its axis. */
function measureRadii(model: ManoModel, ends: Float64Array): Float64Array {
  const { vTemplate, lbsWeights, vertexCount } = model;
  const sums = new Float64Array(BONES);
  const counts = new Float64Array(BONES);
  for (let v = 0; v < vertexCount; v++) {
    for (let bone = 0; bone < BONES; bone++) {
      if (lbsWeights[v * JOINTS + bone + 1]! < 0.7) continue;
      const point = [vTemplate[3 * v]!, vTemplate[3 * v + 1]!, vTemplate[3 * v + 2]!];
      sums[bone]! += segmentDistance(ends, 6 * bone, Float64Array.of(...point, ...point), 0);
      counts[bone]!++;
    }
  }
  const radii = new Float64Array(BONES + 5);
  for (let bone = 0; bone < BONES; bone++) radii[bone] = FIRMNESS * (sums[bone]! / Math.max(1, counts[bone]!));
  // metacarpals: half the thickness of the hand, about that of the first bones
  for (let finger = 0; finger < 5; finger++) radii[BONES + finger] = (PALM * radii[3 * finger]!) / FIRMNESS;
  return radii;
}

function proxyOf(model: ManoModel): Proxy {
  const known = proxies.get(model);
  if (known !== undefined) return known;
  const joints = prepareModel(model).jointTemplate;
  const tipVertices = fingertipVertices(model);
  const tips = new Float64Array(15);
  FINGER_ORDER.forEach((_, finger) => {
    // the vertices come in the order thumb, index, middle, ring, pinky
    const vertex = tipVertices[[1, 2, 4, 3, 0][finger]!]!;
    for (let axis = 0; axis < 3; axis++) {
      const last = joints[3 * (3 * finger + 3) + axis]!;
      tips[3 * finger + axis] = last + 0.8 * (model.vTemplate[3 * vertex + axis]! - last);
    }
  });
  const ends = segments(joints, tips, new Float64Array(6 * 20));
  const radii = measureRadii(model, ends);
  const pairs: number[] = [];
  const rest: number[] = [];
  for (let a = 0; a < BONES; a++) {
    for (let b = a + 1; b < 20; b++) {
      const [fingerA, fingerB] = [Math.floor(a / 3), b < BONES ? Math.floor(b / 3) : b - BONES];
      if (fingerA === fingerB && (b < BONES || a % 3 === 0)) continue;
      if (b >= BONES && a % 3 === 0) continue; // first bones begin in the palm
      pairs.push(a, b);
      rest.push(Math.max(0, radii[a]! + radii[b]! - segmentDistance(ends, 6 * a, ends, 6 * b)));
    }
  }
  for (let finger = 0; finger < 5; finger++) {
    for (let axis = 0; axis < 3; axis++) tips[3 * finger + axis]! -= joints[3 * (3 * finger + 3) + axis]!;
  }
  const proxy = { radii, tips, pairs: Uint8Array.from(pairs), rest: Float64Array.from(rest) };
  proxies.set(model, proxy);
  return proxy;
}

const scratchEnds = new Float64Array(6 * 20);
const scratchTransforms = new Float64Array(JOINTS * 12);
const scratchTips = new Float64Array(15);
const scratchJoints = new Float64Array(JOINTS * 3);

/** Joints and tips of the posed hand, wrist not turned. */
function poseSkeleton(
  rest: ArrayLike<number>,
  parents: ArrayLike<number>,
  pose: ArrayLike<number>,
  tips: Float64Array,
) {
  const g = scratchTransforms;
  g.set([1, 0, 0, rest[0]!, 0, 1, 0, rest[1]!, 0, 0, 1, rest[2]!]);
  for (let j = 1; j < JOINTS; j++) {
    const p = 12 * parents[j]!;
    const r = axisAngleToMatrix([pose[3 * j - 3]!, pose[3 * j - 2]!, pose[3 * j - 1]!]);
    const q = 3 * parents[j]!;
    for (let i = 0; i < 3; i++) {
      const [a, b, c] = [g[p + 4 * i]!, g[p + 4 * i + 1]!, g[p + 4 * i + 2]!];
      for (let k = 0; k < 3; k++) g[12 * j + 4 * i + k] = a * r[k]! + b * r[3 + k]! + c * r[6 + k]!;
      g[12 * j + 4 * i + 3] =
        a * (rest[3 * j]! - rest[q]!) +
        b * (rest[3 * j + 1]! - rest[q + 1]!) +
        c * (rest[3 * j + 2]! - rest[q + 2]!) +
        g[p + 4 * i + 3]!;
    }
  }
  for (let j = 0; j < JOINTS; j++) for (let i = 0; i < 3; i++) scratchJoints[3 * j + i] = g[12 * j + 4 * i + 3]!;
  for (let finger = 0; finger < 5; finger++) {
    const j = 12 * (3 * finger + 3);
    for (let i = 0; i < 3; i++) {
      scratchTips[3 * finger + i] =
        g[j + 4 * i]! * tips[3 * finger]! +
        g[j + 4 * i + 1]! * tips[3 * finger + 1]! +
        g[j + 4 * i + 2]! * tips[3 * finger + 2]! +
        g[j + 4 * i + 3]!;
    }
  }
}

/**
 * How deep parts of a posed hand go into each other, by capsules, in metres: the largest overlap of two fingers, or of a
 * finger and the palm, beyond that of the flat hand.
 *
 * @param restJoints [16, 3] joints of the shaped hand at rest, metres
 * @param pose [45] axis-angle numbers of the finger joints, the mean included
 * @returns 0 where nothing overlaps
 */
export function penetration(model: ManoModel, restJoints: ArrayLike<number>, pose: ArrayLike<number>): number {
  const { radii, tips, pairs, rest } = proxyOf(model);
  poseSkeleton(restJoints, model.parents, pose, tips);
  segments(scratchJoints, scratchTips, scratchEnds);
  let worst = 0;
  for (let i = 0; i < rest.length; i++) {
    const a = pairs[2 * i]!;
    const b = pairs[2 * i + 1]!;
    const reach = radii[a]! + radii[b]! - rest[i]!;
    const overlap = reach - segmentDistance(scratchEnds, 6 * a, scratchEnds, 6 * b);
    if (overlap > worst) worst = overlap;
  }
  return worst;
}
