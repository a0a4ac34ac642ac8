import { KeypointOrderError } from './errors.js';
import type { JointName } from './joint-name.js';
import { defineKeypointOrder, keypointOrder } from './keypoint-order.js';
import { KEYPOINT_ORDERS } from './orders.js';
import { permutation } from './permutation.js';

const caught = (run: () => unknown): KeypointOrderError => {
  try {
    run();
  } catch (error) {
    if (error instanceof KeypointOrderError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('keypointOrder', () => {
  it.each([
    ['stb', 'stereo'],
    ['openpose', 'panoptic'],
    ['freihand', 'panoptic'],
    ['mediapipe', 'panoptic'],
    ['coco-wholebody', 'panoptic'],
    ['onehand10k', 'panoptic'],
    ['dexycb', 'panoptic'],
    ['ho3d', 'panoptic'],
    ['3dhand', 'mano'],
    ['InterHand2.6M', 'interhand'],
    ['COCO WholeBody', 'panoptic'],
    ['HO-3D', 'panoptic'],
    ['MANO_raw', 'mano-raw'],
    ['ho3d-raw', 'mano-raw'],
  ])('finds %s as %s', (name, canonical) => {
    expect(keypointOrder(name).name).toBe(canonical);
  });

  it('gives no name to two orders', () => {
    const all = Object.values(KEYPOINT_ORDERS).flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set(all.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, ''))).size).toBe(all.length);
    for (const order of Object.values(KEYPOINT_ORDERS)) {
      for (const name of [order.name, ...order.aliases]) expect(keypointOrder(name)).toBe(order);
    }
  });

  it('lists what is accepted and names the nearest when a name is unknown', () => {
    const error = caught(() => keypointOrder('openpoze'));
    expect(error.message).toMatch(
      /^keypointOrder: expected a keypoint order, got 'openpoze' \(did you mean 'openpose'\?\); accepted are panoptic \(openpose, /,
    );
    expect(error.message).toContain('mano (3dhand, boukhayma)');
    expect(error).toMatchObject({ name: 'KeypointOrderError', actual: 'openpoze' });
    expect(error.expected).toContain('rhd');
    expect(error.expected).toContain('onehand10k');
  });

  it('suggests nothing where nothing is near', () => {
    expect(caught(() => keypointOrder('something else entirely')).message).not.toContain('did you mean');
    expect(caught(() => keypointOrder('')).message).not.toContain('did you mean');
  });
});

describe('defineKeypointOrder', () => {
  it('makes an order that the other functions take', () => {
    const reversed = defineKeypointOrder('reversed', [...KEYPOINT_ORDERS.panoptic.joints].reverse());
    expect(permutation('panoptic', reversed)).toEqual(Array.from({ length: 21 }, (_, i) => 20 - i));
    expect(keypointOrder(reversed)).toBe(reversed);
  });

  it('refuses an order that lacks a joint, repeats one, or has two roots', () => {
    const joints = [...KEYPOINT_ORDERS.panoptic.joints];
    const twice = joints.map((joint, i) => (i === 5 ? 'thumb1' : joint));
    expect(() => defineKeypointOrder('mine', twice)).toThrow(
      "defineKeypointOrder: expected 'wrist' or 'palm' and each of thumb1 … pinky4 once for order 'mine', got 21 joints, 1 of them wrist or palm, without index1.",
    );
    expect(() => defineKeypointOrder('mine', [...joints, 'palm'])).toThrow('22 joints, 2 of them wrist or palm');
    expect(() =>
      defineKeypointOrder(
        'mine',
        joints.map((joint, i) => (i === 0 ? ('elbow' as JointName) : joint)),
      ),
    ).toThrow(KeypointOrderError);
  });
});
