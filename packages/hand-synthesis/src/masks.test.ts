import { meanMaskOverlap } from './test-support/mask-overlaps.js';

describe('masks by GrabCut of synthetic hands, whose true masks are known', () => {
  it.each([
    ['demo', '3dhand'],
    ['demo', 'narrow'],
    ['seed', '3dhand'],
    ['seed', 'narrow'],
  ] as const)('have a mean IoU of 0.80 at least (hands %s, masks %s)', async (preset, masks) => {
    expect(await meanMaskOverlap({ preset, masks, count: 20, size: 96 })).toBeGreaterThanOrEqual(0.8);
  });
});
