import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { axisAngleToMatrix } from '@opposable/geometry/host';
import { STB_INTRINSICS } from '../../readers/parse-stb.js';
import type { HandSample } from '../../types.js';
import { matFile, matMatrix } from '../mat-file.js';
import { madeUpHands, type NativeFixture, rowsOf, seenBy, writeImages } from './native-fixture.js';

const FRAMES = 3;

/** handPara [3, 21, N]: column-major, so coordinate after coordinate of one point after the other; palm instead of wrist. */
function handPara(hands: readonly HandSample[]): Uint8Array {
  const values = hands.flatMap((hand) => {
    const rows = rowsOf(hand.keypoints3d!, 'stereo');
    const ring = rowsOf(hand.keypoints3d!, 'panoptic')[13]!;
    const palm = rows[0]!.map((wrist, k) => (wrist + ring[k]!) / 2);
    return [palm, ...rows.slice(1)].flat();
  });
  return matFile([matMatrix('handPara', 'double', [3, 21, hands.length], values)]);
}

/** The rotation vector and translation of the benchmark map colour to depth coordinates: X_color = Rᵀ · (X_depth − t). */
function toColor(depth: Float64Array): Float64Array {
  const r = axisAngleToMatrix(Float64Array.of(0.00531, -0.01196, 0.00301));
  const t = [-24.0381, -0.4563, -1.2326];
  return depth.map((_, i) => {
    const point = i - (i % 3);
    return t.reduce((sum, offset, row) => sum + r[3 * row + (i % 3)]! * (depth[point + row]! - offset), 0);
  });
}

/** Sequence B2Random for BB (left and right camera) and SK (depth camera). */
function stbFixture(
  variant: string,
  cameras: readonly ('bb-left' | 'bb-right' | 'sk-color' | 'sk-depth')[],
  layout: string,
): NativeFixture {
  return {
    name: 'stb',
    variant,
    options: { cameras: [...cameras], split: 'val', protocol: 'validation' },
    async write(folder, rng) {
      const size = { width: 640, height: 480, side: 'left' } as const;
      const left = madeUpHands(rng.split('bb'), FRAMES, { ...size, camera: STB_INTRINSICS['bb-left'] });
      const depth = madeUpHands(rng.split('sk'), FRAMES, { ...size, camera: STB_INTRINSICS['sk-depth'] });
      const right = left.map((hand) => {
        const keypoints3d = hand.keypoints3d!.map((value, i) => (i % 3 === 0 ? value - 120.054 : value));
        return seenBy({ ...hand, keypoints3d }, STB_INTRINSICS['bb-right']);
      });
      const color = depth.map((hand) =>
        seenBy({ ...hand, keypoints3d: toColor(hand.keypoints3d!) }, STB_INTRINSICS['sk-color']),
      );
      await mkdir(join(folder, 'labels'), { recursive: true });
      for (const sequence of ['B2Counting', 'B2Random']) {
        const part = sequence === 'B2Random' ? [0, FRAMES] : [0, 0];
        await writeFile(join(folder, 'labels', `${sequence}_BB.mat`), handPara(left.slice(...part)));
        await writeFile(join(folder, 'labels', `${sequence}_SK.mat`), handPara(depth.slice(...part)));
      }
      const all = { 'bb-left': left, 'bb-right': right, 'sk-color': color, 'sk-depth': depth };
      const names = { 'bb-left': 'BB_left', 'bb-right': 'BB_right', 'sk-color': 'SK_color', 'sk-depth': 'SK_depth' };
      for (const camera of cameras) {
        await writeImages(join(folder, layout, 'B2Random'), all[camera], (i) => `${names[camera]}_${i}.png`);
      }
      return cameras.flatMap((camera) => all[camera]);
    },
  };
}

export const STB_FIXTURES: readonly NativeFixture[] = [
  stbFixture('stereo', ['bb-left', 'bb-right'], 'images'),
  stbFixture('colour camera of the depth sensor', ['sk-color', 'sk-depth'], 'images'),
  stbFixture('depth sensor, sequences beside labels', ['sk-depth'], '.'),
];
