import { existsSync, readFileSync } from 'node:fs';
import { jointIndex } from './joint-index.js';
import { KEYPOINT_ORDERS } from './orders.js';
import { skeleton } from './skeleton.js';
import { splitInterhandHands } from './two-hands.js';

// Annotations of real datasets: research-only files outside of the repository, beside its root.
const folder = new URL('../../../../shared/samples/', import.meta.url);
const available = existsSync(folder);
if (!available) console.info('The real annotations are not here (../shared/samples); their tests are skipped.');
const withSamples = available ? describe : describe.skip;

const read = <T>(file: string): T => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as T;
type Hand = readonly (readonly number[])[];

/**
 * How far one must travel along the bones, across the knuckles index to pinky, and from the wrist to the thumb.
 * A wrong order makes detours.
 */
function travel(hand: Hand, order: string): number {
  const knuckles = (['index1', 'middle1', 'ring1', 'pinky1'] as const).map((joint) => jointIndex(order, joint));
  const across = knuckles.slice(1).map((knuckle, i) => [knuckles[i]!, knuckle]);
  const pairs = [...skeleton(order), ...across, [jointIndex(order, 'wrist'), jointIndex(order, 'thumb1')]];
  return pairs.reduce((sum, [a, b]) => sum + Math.hypot(...hand[a]!.map((x, d) => x - hand[b]![d]!)), 0);
}

/** The built-in orders whose travel is at most `margin` times the shortest: one, if the data can tell. */
function bestOrders(hand: Hand, margin: number): string[] {
  const lengths = Object.keys(KEYPOINT_ORDERS).map((order) => ({ order, length: travel(hand, order) }));
  const shortest = Math.min(...lengths.map(({ length }) => length));
  return lengths.filter(({ length }) => length <= margin * shortest).map(({ order }) => order);
}

interface InterhandFrame {
  world_coord: number[][];
  joint_valid: boolean[][];
  hand_type: 'left' | 'right' | 'interacting';
}

withSamples('orders of real annotations', () => {
  it('RHD’s 3D joints are shortest connected in rhd', () => {
    const { annotations } = read<{ annotations: { joint_cam: number[][] }[] }>('rhd/test_rhd.json');
    expect(annotations.map(({ joint_cam }) => bestOrders(joint_cam, 1.03))).toEqual([['rhd'], ['rhd']]);
  });

  it('InterHand2.6M’s 3D joints are shortest connected in interhand, and its sides are as split', () => {
    const frames = Object.values(
      read<Record<string, Record<string, InterhandFrame>>>('interhand2.6m/test_interhand2.6m_joint_3d.json'),
    ).flatMap((capture) => Object.values(capture));
    expect(frames).toHaveLength(4);
    for (const { world_coord, joint_valid, hand_type } of frames) {
      const hands = splitInterhandHands(world_coord);
      const valid = splitInterhandHands(joint_valid.map(([flag]) => flag));
      for (const side of ['left', 'right'] as const) {
        const isThere = hand_type === side || hand_type === 'interacting';
        expect(valid[side].every((flag) => flag)).toBe(isThere);
        if (isThere) expect(bestOrders(hands[side], 1.03)).toEqual(['interhand']);
      }
    }
  });

  it.each(['freihand/test_freihand.json', 'onehand10k/test_onehand10k.json', 'panoptic/test_panoptic.json'])(
    '2D joints of %s are shortest connected in panoptic, though by less, as joints hide behind each other',
    (file) => {
      const { annotations } = read<{ annotations: { keypoints: number[] }[] }>(file);
      const complete = annotations
        .map(({ keypoints }) => Array.from({ length: 21 }, (_, i) => keypoints.slice(3 * i, 3 * i + 3)))
        .filter((hand) => hand.every(([, , visible]) => visible! > 0));
      expect(complete.length).toBeGreaterThan(0);
      for (const hand of complete)
        expect(
          bestOrders(
            hand.map(([x, y]) => [x!, y!]),
            1,
          ),
        ).toEqual(['panoptic']);
    },
  );
});
