import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HandSample } from '../../types.js';
import { madeUpHands, type NativeFixture, rowsOf, writeImages } from './native-fixture.js';

/** A hand without 3D, one with it and the palm centre first; the second has a mask of 0 and 1. */
export const JOINTS_JSON_FIXTURE: NativeFixture = {
  name: 'joints-json',
  async write(folder, rng) {
    const size = { width: 320, height: 320 };
    const [flat, solid] = madeUpHands(rng, 2, size) as [HandSample, HandSample];
    const palmFirst = (values: Float64Array, flag: number[] = []): number[][] => {
      const rows = rowsOf(values, 'stereo');
      const ring = rowsOf(values, 'panoptic')[13]!;
      return [rows[0]!.map((wrist, k) => (wrist + ring[k]!) / 2), ...rows.slice(1)].map((row) => [...row, ...flag]);
    };
    const image = [
      { index: 0, img_paths: 'image/080.png', '2d_joint': rowsOf(flat.keypoints, 'panoptic', [1]) },
      {
        index: 1,
        img_paths: 'image/081.png',
        '2d_joint': palmFirst(solid.keypoints, [1]),
        '3d_joint': palmFirst(solid.keypoints3d!),
      },
    ];
    await mkdir(join(folder, 'train'), { recursive: true });
    await writeFile(join(folder, 'train', 'joints.json'), JSON.stringify({ image, img_num: 2 }));
    await writeImages(folder, [flat, solid], (i) => `train/image/0000000${i}.png`);
    const mask = { ...size, data: new Uint8Array(320 * 320).fill(1, 2000, 9000) };
    const picture = {
      ...size,
      data: Uint8Array.from({ length: 3 * mask.data.length }, (_, i) => mask.data[Math.floor(i / 3)]!),
    };
    await writeImages(folder, [{ ...solid, image: picture }], () => 'train/mask/00000001.png');
    const without = { keypoints3d: undefined, keypoints3dValid: undefined, camera: undefined };
    return [
      { ...flat, ...without },
      { ...solid, isMirrored: true, camera: undefined, mask: { ...mask, data: mask.data.map((value) => 255 * value) } },
    ];
  },
};
