import { KEYPOINT_ORDERS, permutation } from '@opposable/keypoint-order';
import { createRng, ShapeError } from '@opposable/tensor-checks';
import { madeUpHands } from '../test-support/native/native-fixture.js';
import { inspectKeypointOrder } from './inspect-keypoint-order.js';

const hands = madeUpHands(createRng('order'), 8);
const leftHands = madeUpHands(createRng('left'), 3, { side: 'left' });
const names = Object.keys(KEYPOINT_ORDERS);

/** Points of panoptic order in another one, `width` numbers each. */
function inOrder(values: ArrayLike<number>, width: number, order: string): number[] {
  const indices = permutation('panoptic', order);
  return Array.from(values, (_, i) => {
    const hand = Math.floor(i / (21 * width)) * 21 * width;
    return values[hand + indices[Math.floor(i / width) % 21]! * width + (i % width)]!;
  });
}

describe('inspectKeypointOrder', () => {
  it.each(names)('is sure of %s from a few 3D hands, whatever their unit', (order) => {
    for (const unit of [1, 0.001]) {
      const points = inOrder(
        hands.flatMap((hand) => Array.from(hand.keypoints3d!, (mm) => mm * unit)),
        3,
        order,
      );
      const { best, verdict, ratio, guesses, dimension } = inspectKeypointOrder(points);
      expect([best.order, best.root, verdict, dimension]).toEqual([order, 'wrist', 'sure', 3]);
      expect(ratio).toBe(guesses[1]!.cost / guesses[0]!.cost);
    }
  });

  it.each(names)('finds %s from one 2D hand of either side', (order) => {
    for (const hand of [...hands, ...leftHands]) {
      const { best, guesses, hands: count } = inspectKeypointOrder(inOrder(hand.keypoints, 2, order), { dimension: 2 });
      expect([best.order, count]).toEqual([order, 1]);
      expect(guesses.map((guess) => guess.order).sort()).toEqual(names.slice().sort());
    }
  });

  it('takes a third number that is a flag or a confidence for one, and leaves out points that have none', () => {
    const flagged = hands.flatMap((hand) =>
      Array.from({ length: 21 }, (_, i) =>
        i === 3 ? [0, 0, 0] : [hand.keypoints[2 * i]!, hand.keypoints[2 * i + 1]!, 0.4 + 0.01 * i],
      ).flat(),
    );
    const { best, dimension } = inspectKeypointOrder(inOrder(flagged, 3, 'rhd'));
    expect([best.order, dimension]).toEqual(['rhd', 2]);
  });

  it('sees the palm’s centre at the root’s place', () => {
    const palms = hands.flatMap((hand) =>
      Array.from(hand.keypoints3d!, (value, i) => (i < 3 ? (value + hand.keypoints3d![39 + i]!) / 2 : value)),
    );
    const { best, verdict } = inspectKeypointOrder(inOrder(palms, 3, 'stereo'));
    expect([best.order, best.root, verdict]).toEqual(['stereo', 'palm', 'sure']);
  });

  it('is unsure of what is no hand: noise, and an order that nobody uses', () => {
    const rng = createRng(5);
    const noise = Array.from({ length: 20 * 63 }, () => rng.normal());
    expect(inspectKeypointOrder(noise).verdict).toBe('unsure');
    const shuffled = rng.permutation(21);
    const points = hands.flatMap((hand) =>
      Array.from(hand.keypoints3d!, (_, i) => hand.keypoints3d![3 * shuffled[Math.floor(i / 3)]! + (i % 3)]!),
    );
    expect(inspectKeypointOrder(points).verdict).toBe('unsure');
  });

  it('looks at no more hands than it is told', () => {
    const points = hands.flatMap((hand) => Array.from(hand.keypoints3d!));
    expect(inspectKeypointOrder(points, { maxHands: 3 }).hands).toBe(3);
  });

  it('refuses what are not whole hands, and hands of which too little is known', () => {
    expect(() => inspectKeypointOrder(new Float64Array(64))).toThrow(
      new ShapeError('inspectKeypointOrder: expected points of shape [N, 21, 3] with N > 0, got 64 numbers.'),
    );
    expect(() => inspectKeypointOrder(new Float64Array(63).fill(NaN))).toThrow('expected at least 12 known bones');
  });
});
