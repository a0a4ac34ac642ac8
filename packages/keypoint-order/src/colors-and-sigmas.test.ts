import { boneColors, FINGER_COLORS, jointColors, ROOT_COLOR } from './colors.js';
import { jointIndex } from './joint-index.js';
import { oksSigmas } from './oks-sigmas.js';
import { skeleton } from './skeleton.js';

describe('jointColors', () => {
  it('follows the joint, not the index', () => {
    for (const order of ['panoptic', 'rhd', 'interhand', 'fpha', 'stereo']) {
      const colors = jointColors(order);
      expect(colors).toHaveLength(21);
      expect(colors[jointIndex(order, 'wrist')]).toBe(ROOT_COLOR);
      expect(colors[jointIndex(order, 'ring3')]).toBe(FINGER_COLORS.ring);
      skeleton(order).forEach(([, child], bone) => expect(boneColors()[bone]).toBe(colors[child]));
    }
  });
});

describe('oksSigmas', () => {
  it('holds the published numbers and follows the joint', () => {
    // prettier-ignore
    expect(oksSigmas()).toEqual([
      0.029, 0.022, 0.035, 0.037, 0.047, 0.026, 0.025, 0.024, 0.035, 0.018, 0.024, 0.022, 0.026, 0.017, 0.021,
      0.021, 0.032, 0.02, 0.019, 0.022, 0.031,
    ]);
    expect(oksSigmas('interhand')[0]).toBe(0.047);
    expect(oksSigmas('interhand')[20]).toBe(0.029);
  });
});
