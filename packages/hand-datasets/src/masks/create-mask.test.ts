import { reorderSample } from '../transform/reorder-sample.js';
import { overlap, PAINTED_SIZE as SIZE, paintedHand } from '../test-support/painted-hand.js';
import { createMask } from './create-mask.js';
import { startOpenCv } from './opencv.js';

describe('createMask', () => {
  const hand = paintedHand('createMask');

  it.each(['3dhand', 'narrow'] as const)(
    'finds a hand whose colour is not the background’s (preset %s)',
    async (preset) => {
      const { mask, reason } = await createMask(hand, { preset });
      expect(reason).toBeUndefined();
      expect(new Set(mask!.data)).toEqual(new Set([0, 255]));
      expect(overlap(mask!.data, hand.mask!.data)).toBeGreaterThan(0.9);
    },
  );

  it('gives the same mask in whatever order the keypoints stand', async () => {
    const { mask } = await createMask(hand);
    for (const order of ['mano', 'stereo', 'interhand']) {
      const { mask: again } = await createMask(reorderSample(hand, order));
      expect(again!.data).toEqual(mask!.data);
    }
  });

  it('gives the same mask for the same seed, whatever was asked for before', async () => {
    const first = await createMask(hand, { seed: 7 });
    await createMask(paintedHand('another'), { seed: 3 });
    expect((await createMask(hand, { seed: 7 })).mask!.data).toEqual(first.mask!.data);
  });

  it('stays inside its bands, and a narrower band gives up what lies outside', async () => {
    const wide = await createMask(hand);
    const { mask } = await createMask(hand, { band: 3 / SIZE, core: 1 / SIZE, coresOverBands: true });
    const count = (data: Uint8Array): number => data.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);
    expect(count(mask!.data)).toBeLessThan(0.8 * count(wide.mask!.data));
  });

  it('says why there is no mask', async () => {
    const few = { ...hand, visibility: Uint8Array.from({ length: 21 }, (_, i) => (i < 8 ? 2 : 0)) };
    expect(await createMask(few)).toEqual({ mask: undefined, reason: 'too few keypoints' });
    const gone = { ...hand, keypoints: hand.keypoints.map((value) => value + 1000) };
    expect(await createMask(gone)).toEqual({ mask: undefined, reason: 'hand outside the image' });
    expect(await createMask(hand, { band: 1 })).toEqual({ mask: undefined, reason: 'no background left' });
    const plain = { ...hand, image: { ...hand.image, data: new Uint8Array(SIZE * SIZE * 3).fill(90) } };
    expect((await createMask(plain)).reason).toMatch(/too small for the skeleton|beside the skeleton|too large/);
  });

  it('uses no keypoint that is not labelled', async () => {
    const visibility = new Uint8Array(21).fill(2);
    visibility[4] = 0;
    const keypoints = hand.keypoints.slice();
    const moved = hand.keypoints.slice();
    moved.set([2, 2], 8);
    const [a, b] = [
      await createMask({ ...hand, keypoints, visibility }),
      await createMask({ ...hand, keypoints: moved, visibility }),
    ];
    expect(b.mask!.data).toEqual(a.mask!.data);
  });

  it('names options, images and keypoints that are not accepted', async () => {
    await expect(createMask(hand, { preset: 'wide' as 'narrow' })).rejects.toThrow(
      "createMask: expected a preset of 3dhand, narrow, got 'wide'.",
    );
    await expect(createMask(hand, { band: 0 })).rejects.toThrow(/expected band as a fraction .*, got 0\./);
    await expect(createMask(hand, { iterations: 0.5 })).rejects.toThrow(/expected iterations as 1 to 100, got 0\.5\./);
    await expect(createMask(hand, { seed: 2 ** 40 })).rejects.toThrow(/expected seed as a 32-bit integer/);
    await expect(createMask({ ...hand, keypoints: new Float64Array(42).fill(NaN) })).rejects.toThrow(
      /42 finite numbers/,
    );
    await expect(createMask({ ...hand, image: { ...hand.image, width: 5 } })).rejects.toThrow(/expected an image of/);
  });

  it('gives all of its memory back over fifty masks', async () => {
    const { cv } = await startOpenCv();
    /** Where the next matrix would lie: it moves up when one is not given back. */
    const probe = (): number => {
      const mats = Array.from({ length: 4 }, () => new cv.Mat(SIZE, SIZE, cv.CV_8UC3));
      const places = mats.map((mat) => mat.data.byteOffset);
      for (const mat of mats) mat.delete();
      return Math.max(...places);
    };
    const bytes = (): number => {
      const mat = new cv.Mat(1, 1, cv.CV_8UC1);
      const { byteLength } = mat.data.buffer;
      mat.delete();
      return byteLength;
    };
    for (let i = 0; i < 5; i++) await createMask(hand, { iterations: 1 });
    const before = { place: probe(), bytes: bytes() };
    for (let i = 0; i < 50; i++) await createMask(hand, { iterations: 1 });
    expect({ place: probe(), bytes: bytes() }).toEqual(before);
  });
});
