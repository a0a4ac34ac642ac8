/**
 * How much points look like a hand in a given order: the lengths of bones and of the gaps between the knuckles against those
 * of an adult hand, and how far the fingers bend.
 *
 * Lengths of the segments: Buryanov and Kotiuk, Proportions of Hand Segments, Int. J. Morphol. 28(3), 2010; fingertips
 * stand a few millimetres behind the ends of their bones. No length depends on the size of the hand: it is estimated.
 */
import { FINGER_NAMES, type FingerName } from '@opposable/keypoint-order';

/** A flat hand in millimetres, the wrist at the origin: place of the first joint, direction of the finger, its bones. */
const FLAT_HAND: Readonly<
  Record<FingerName, { at: [number, number]; toward: number; bones: [number, number, number] }>
> = {
  thumb: { at: [-28, 23], toward: 38, bones: [46, 32, 26] },
  index: { at: [-20, 94], toward: 8, bones: [40, 22, 20] },
  middle: { at: [3, 93], toward: 0, bones: [45, 26, 21] },
  ring: { at: [22, 83], toward: -7, bones: [41, 26, 21] },
  pinky: { at: [40, 72], toward: -15, bones: [33, 18, 20] },
};

/** Indices in panoptic order. */
const WRIST = 0;
const RING_KNUCKLE = 13;
const KNUCKLE_GAPS: readonly (readonly [number, number])[] = [
  [1, 5],
  [5, 9],
  [9, 13],
  [13, 17],
  [5, 17],
  [1, 17],
];

const BONES: readonly (readonly [parent: number, child: number])[] = FINGER_NAMES.flatMap((_, finger) =>
  [1, 2, 3, 4].map((level) => [level === 1 ? WRIST : 4 * finger + level - 1, 4 * finger + level] as const),
);
const PAIRS = [...BONES, ...KNUCKLE_GAPS];
/** Joints in a row along the fingers. */
const BENDS = FINGER_NAMES.flatMap((_, finger) => [
  [WRIST, 4 * finger + 1, 4 * finger + 2] as const,
  ...[1, 2].map((level) => [4 * finger + level, 4 * finger + level + 1, 4 * finger + level + 2] as const),
]);

/** What stands at the root's place. */
export type OrderRoot = 'wrist' | 'palm';

function templateLengths(root: OrderRoot): Float64Array {
  const points: [number, number][] = [[0, 0]];
  for (const finger of FINGER_NAMES) {
    const { at, toward, bones } = FLAT_HAND[finger];
    const [x, y] = [-Math.sin((toward * Math.PI) / 180), Math.cos((toward * Math.PI) / 180)];
    points.push(at);
    for (const bone of bones) {
      const last = points.at(-1)!;
      points.push([last[0] + bone * x, last[1] + bone * y]);
    }
  }
  const ring = points[RING_KNUCKLE]!;
  if (root === 'palm') points[WRIST] = [ring[0] / 2, ring[1] / 2];
  return Float64Array.from(PAIRS, ([a, b]) => Math.hypot(points[a]![0] - points[b]![0], points[a]![1] - points[b]![1]));
}

const TEMPLATES: Readonly<Record<OrderRoot, Float64Array>> = {
  wrist: templateLengths('wrist'),
  palm: templateLengths('palm'),
};

/** One hand: [21, dimension] in an unknown order, and which points are known. */
export interface UnorderedHand {
  readonly points: ArrayLike<number>;
  readonly known: ArrayLike<number>;
}

/** Spread of the logarithm of a length: of one that looks too short (in 2D seen from an angle) and of one too long. */
const SPREAD = { 2: { shorter: 0.6, longer: 0.25 }, 3: { shorter: 0.22, longer: 0.22 } } as const;
/** Rank of the length from which the hand's size is taken: in 2D most lengths are shortened. */
const SIZE_RANK = { 2: 0.7, 3: 0.5 } as const;
const LEAST_PAIRS = 12;
const TINY = 1e-9;
/** Penalty of a length, and of a bend, however wrong. */
const MOST = 3;
/** Cosine between two bones in a row under which a finger would be folded back onto itself. */
const FOLDED = -0.3;

/** Mean penalty of logarithms of lengths over those of the table, for the hand's size that suits them. */
function lengthCost(ratios: readonly number[], dimension: 2 | 3): number {
  const size = ratios.slice().sort((a, b) => a - b)[Math.floor(SIZE_RANK[dimension] * (ratios.length - 1))]!;
  const { shorter, longer } = SPREAD[dimension];
  const sum = ratios.reduce((total, ratio) => {
    const deviation = (ratio - size) / (ratio < size ? shorter : longer);
    return total + Math.min(Math.log1p((deviation * deviation) / 2), MOST);
  }, 0);
  return sum / ratios.length;
}

/**
 * The cost of taking a hand's points for a hand in an order; 0 for the hand of the tables, about 0.3 for real ones, above 1
 * where the order is wrong.
 *
 *     cost = mean over bones and gaps of log(1 + ((r − s)/σ)²/2), capped, + mean over bends of what is folded
 *     r = log(length / length of the table), s the hand's size
 *
 * @param indices [21] where the points of panoptic order stand
 * @returns undefined where too few points are known
 */
export function orderCost(
  { points, known }: UnorderedHand,
  dimension: 2 | 3,
  indices: ArrayLike<number>,
  root: OrderRoot,
): number | undefined {
  const template = TEMPLATES[root];
  const difference = (a: number, b: number): number[] => {
    const [from, to] = [indices[a]! * dimension, indices[b]! * dimension];
    return Array.from({ length: dimension }, (_, k) => points[to + k]! - points[from + k]!);
  };
  const isKnown = (joint: number): boolean => known[indices[joint]!]! > 0;
  const ratios: number[] = [];
  PAIRS.forEach(([a, b], pair) => {
    if (!isKnown(a) || !isKnown(b)) return;
    ratios.push(Math.log(Math.max(Math.hypot(...difference(a, b)), TINY) / template[pair]!));
  });
  if (ratios.length < LEAST_PAIRS) return undefined;
  let [folded, bends] = [0, 0];
  for (const [a, b, c] of BENDS) {
    if (!isKnown(a) || !isKnown(b) || !isKnown(c)) continue;
    const [first, second] = [difference(a, b), difference(b, c)];
    const product = first.reduce((sum, value, k) => sum + value * second[k]!, 0);
    const cosine = product / Math.max(Math.hypot(...first) * Math.hypot(...second), TINY);
    folded += Math.max(0, FOLDED - cosine);
    bends++;
  }
  return lengthCost(ratios, dimension) + (bends > 0 ? folded / bends : 0);
}
