import { KEYPOINT_ORDERS, permutation } from '@opposable/keypoint-order';
import { ShapeError } from '@opposable/tensor-checks';
import { orderCost, type OrderRoot, type UnorderedHand } from './order-cost.js';

/** How well one order fits. */
export interface OrderGuess {
  readonly order: string;
  /** What stands at the root's place: the wrist, or the palm's centre. */
  readonly root: OrderRoot;
  /** Mean implausibility of the hands in this order; about 0.3 for real hands in theirs. */
  readonly cost: number;
}

export interface OrderInspection {
  /** The most plausible order. */
  readonly best: OrderGuess;
  /** Cost of the second best order over that of the best: 1 is a toss-up. */
  readonly ratio: number;
  /** 'sure' from a ratio of 1.5 on, 'likely' from 1.15; 'unsure' below, or where no order looks like a hand. */
  readonly verdict: 'sure' | 'likely' | 'unsure';
  /** Every known order, best first. */
  readonly guesses: readonly OrderGuess[];
  /** Hands that were looked at. */
  readonly hands: number;
  readonly dimension: 2 | 3;
}

export interface InspectKeypointOrderOptions {
  /** Numbers a point has. Default 3. A third number that is only ever 0, 1 or 2, or between 0 and 1, is a flag. */
  readonly dimension?: 2 | 3 | undefined;
  /** Most hands to look at, evenly spread. Default 200. */
  readonly maxHands?: number | undefined;
}

const SURE = 1.5;
const LIKELY = 1.15;
/** Where the best order costs more, nothing looks like a hand. */
const HOPELESS = 0.9;
const MAX_HANDS = 200;

/** The third numbers of a hand are no depths: flags are 0, 1 or 2, or confidences from 0 to 1 of which one is above 0.01. */
function isFlag(points: ArrayLike<number>): boolean {
  let [whole, share, most] = [true, true, 0];
  for (let i = 2; i < points.length; i += 3) {
    const value = points[i]!;
    whole &&= value === 0 || value === 1 || value === 2;
    share &&= value >= 0 && value <= 1;
    most = Math.max(most, value);
  }
  if (whole) return most > 0;
  // metres lie between 0 and 1 too: then x and y do as well
  let largest = 0;
  for (let i = 0; i < points.length; i += 3)
    largest = Math.max(largest, Math.abs(points[i]!), Math.abs(points[i + 1]!));
  return share && largest > 2;
}

/** The hands of [N, 21, 2 | 3] that are looked at, without flags; points that are not finite, flagged 0 or (0, 0) are unknown. */
function unorderedHands(
  points: ArrayLike<number>,
  { dimension = 3, maxHands = MAX_HANDS }: InspectKeypointOrderOptions,
): { readonly hands: UnorderedHand[]; readonly dimension: 2 | 3 } {
  const width = 21 * dimension;
  if (points.length === 0 || points.length % width !== 0) {
    throw new ShapeError(
      `inspectKeypointOrder: expected points of shape [N, 21, ${dimension}] with N > 0, got ${points.length} numbers.`,
      { expected: ['N', 21, dimension], actual: points.length },
    );
  }
  const count = points.length / width;
  const flagged = dimension === 3 && isFlag(points);
  const kept = flagged ? 2 : dimension;
  const step = Math.max(1, count / maxHands);
  const hands = Array.from({ length: Math.min(count, maxHands) }, (_, i): UnorderedHand => {
    const start = Math.floor(i * step) * width;
    const own = new Float64Array(21 * kept);
    const known = new Uint8Array(21);
    for (let joint = 0; joint < 21; joint++) {
      const at = start + joint * dimension;
      for (let k = 0; k < kept; k++) own[joint * kept + k] = points[at + k]!;
      const place = own.subarray(joint * kept, (joint + 1) * kept);
      const isThere = place.every(Number.isFinite) && (kept === 3 || place[0] !== 0 || place[1] !== 0);
      known[joint] = isThere && (!flagged || points[at + 2]! > 0) ? 1 : 0;
    }
    return { points: own, known };
  });
  return { hands, dimension: kept };
}

/** Mean cost over the hands that have enough known points; undefined without any. */
function meanOrderCost(
  hands: readonly UnorderedHand[],
  dimension: 2 | 3,
  indices: ArrayLike<number>,
  root: OrderRoot,
): number | undefined {
  let [sum, count] = [0, 0];
  for (const hand of hands) {
    const cost = orderCost(hand, dimension, indices, root);
    if (cost === undefined) continue;
    sum += cost;
    count++;
  }
  return count === 0 ? undefined : sum / count;
}

/**
 * Guesses the order of keypoints from what a hand looks like: fingers are chains whose bones have the lengths of bones, and
 * the knuckles stand in a row.
 *
 * Every known order is tried, with the wrist and with the palm's centre at the root's place. 3D points of any unit and 2D
 * points will do; many hands tell more than one, 3D more than 2D.
 *
 * @param points [N, 21, 2] or [N, 21, 3], any unit; flags may stand in the third place of 2D points
 * @returns the orders by plausibility, and how sure the best one is
 * @throws ShapeError if the numbers are not those of whole hands, or too few points of every hand are known
 *
 * @example
 * const { best, ratio, verdict } = inspectKeypointOrder(keypoints, { dimension: 2 });
 */
export function inspectKeypointOrder(
  points: ArrayLike<number>,
  options: InspectKeypointOrderOptions = {},
): OrderInspection {
  const { hands, dimension } = unorderedHands(points, options);
  const guesses = Object.keys(KEYPOINT_ORDERS).map((order): OrderGuess => {
    const indices = permutation(order, 'panoptic');
    const costs = (['wrist', 'palm'] as const).map((root): OrderGuess => {
      const cost = meanOrderCost(hands, dimension, indices, root);
      if (cost !== undefined) return { order, root, cost };
      throw new ShapeError('inspectKeypointOrder: expected at least 12 known bones and gaps in a hand, got fewer.', {
        expected: '>= 12',
        actual: '< 12',
      });
    });
    return costs[0]!.cost <= costs[1]!.cost ? costs[0]! : costs[1]!;
  });
  guesses.sort((a, b) => a.cost - b.cost);
  const [best, second] = guesses as [OrderGuess, OrderGuess];
  const ratio = second.cost / Math.max(best.cost, 1e-6);
  const verdict = best.cost > HOPELESS || ratio < LIKELY ? 'unsure' : ratio < SURE ? 'likely' : 'sure';
  return { best, ratio, verdict, guesses, hands: hands.length, dimension };
}
