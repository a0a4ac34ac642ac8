import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { matFile, matMatrix } from '../mat-file.js';
import { madeUpHands, type NativeFixture, writeImages } from './native-fixture.js';

const SIZE = 256;
const CAMERA = Float64Array.of(260, 0, 120, 0, 255, 131, 0, 0, 1);
/** x, y, width, height of what was cut from the original frame, for each hand. */
const WINDOWS = [
  [30, 20, 128, 128],
  [0, 0, 512, 512],
  [7, 9, 256, 256],
] as const;

/** MATLAB's order: the first axis runs fastest. */
const columns = (rows: readonly (readonly number[])[]): number[] =>
  rows[0]!.flatMap((_, k) => rows.map((row) => row[k]!));

/** Left hands in windows of three sizes; the cameras in the file are those of the original frames, 3D is in centimetres. */
export const GE_REALWORLD_FIXTURE: NativeFixture = {
  name: 'ge-realworld',
  async write(folder, rng) {
    const hands = madeUpHands(rng, WINDOWS.length, { side: 'left', width: SIZE, height: SIZE, camera: CAMERA });
    const cameras = WINDOWS.map(([x, y, width]) => {
      const r = SIZE / width;
      return [CAMERA[0]! / r, CAMERA[4]! / r, CAMERA[2]! / r + x, CAMERA[5]! / r + y];
    });
    const paths = hands.map((_, i) => `images/0000${i}.jpg`);
    const letters = paths.map((path) => [...path].map((letter) => letter.charCodeAt(0)));
    // [N, 21, 3]: coordinate after coordinate, joint after joint, hand after hand
    const pose = columns(
      hands.map(({ keypoints3d: mm }) =>
        Array.from({ length: 63 }, (_, i) => mm![3 * (i % 21) + Math.floor(i / 21)]! / 10),
      ),
    );
    await writeFile(
      join(folder, 'params.mat'),
      matFile([
        matMatrix('bbox', 'int32', [hands.length, 4], columns(WINDOWS)),
        matMatrix('cam_param', 'double', [hands.length, 4], columns(cameras)),
        matMatrix('image_path', 'char', [hands.length, paths[0]!.length], columns(letters)),
      ]),
    );
    const file = matFile([matMatrix('pose_gt', 'double', [hands.length, 21, 3], pose)], { compressed: true });
    await writeFile(join(folder, 'pose_gt.mat'), file);
    await writeImages(folder, hands, (i) => paths[i]!);
    return hands;
  },
};
