import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeNpz } from '@opposable/array-files';
import type { HandSample } from '../../types.js';
import { madeUpHands, type NativeFixture, rowsOf, writeImages } from './native-fixture.js';

const SIZE = { width: 640, height: 480 };
const CAMERAS = ['836212060125', '932122062010'];
const INTRINSICS = Float64Array.of(615, 0, 312.5, 0, 614.5, 241.25, 0, 0, 1);

const metaText = (side: string, calibration: string): string => `serials:
${CAMERAS.map((camera) => `- '${camera}'`).join('\n')}
num_frames: 2
extrinsics: '20200702_151821'
mano_calib:
- ${calibration}
mano_sides:
- ${side}
ycb_grasp_ind: 0
ycb_ids:
- 1
- 11
`;

const cameraText = `color:
  fx: ${INTRINSICS[0]}
  fy: ${INTRINSICS[4]}
  ppx: ${INTRINSICS[2]}
  ppy: ${INTRINSICS[5]}
depth:
  fx: 613.0
  fy: 613.0
  ppx: 318.0
  ppy: 237.0
depth_to_color: !!python/tuple
- 0.99
- 0.01
`;

/** A right-handed subject and a left-handed one, each seen by two cameras in two frames, the first without a hand. */
export const DEXYCB_FIXTURE: NativeFixture = {
  name: 'dexycb',
  options: { setup: 's1', split: 'train' },
  dropped: { 'no hand': 4 },
  async write(folder, rng) {
    const write = async (name: string, contents: string | Uint8Array) => {
      await mkdir(join(folder, name, '..'), { recursive: true });
      await writeFile(join(folder, name), contents);
    };
    const subjects = [
      ['20200709-subject-01/20200709_141754', 'right'],
      ['20200813-subject-02/20200813_145612', 'left'],
    ] as const;
    for (const camera of CAMERAS) await write(`calibration/intrinsics/${camera}_640x480.yml`, cameraText);
    await write('20200928-subject-07/20200928_143500/meta.yml', metaText('right', 'unused')); // of the validation part
    const result: HandSample[] = [];
    for (const [sequence, side] of subjects) {
      const calibration = `20200514-${side}`;
      await write(`${sequence}/meta.yml`, metaText(side, calibration));
      const betas = Array.from({ length: 10 }, () => Math.fround(rng.normal()));
      const list = betas.map((value) => `- ${value}`).join('\n');
      await write(`calibration/mano_${calibration}/mano.yml`, `betas: !!python/tuple\n${list}\n`);
      const hands = madeUpHands(rng.split(side), CAMERAS.length, { ...SIZE, side, camera: INTRINSICS });
      for (const [i, camera] of CAMERAS.entries()) {
        const hand = hands[i]!;
        const poseM = Float32Array.from({ length: 51 }, () => rng.normal(0, 0.4));
        const seg = new Uint8Array(640 * 480).fill(11, 0, 3000).fill(255, 100_000 + i, 102_000);
        const labels = (joints3d: Float32Array, joints2d: Float32Array, pose: Float32Array) =>
          writeNpz(
            {
              seg: { shape: [480, 640], data: seg },
              pose_y: { shape: [2, 3, 4], data: new Float32Array(24) },
              pose_m: { shape: [1, 51], data: pose },
              joint_3d: { shape: [1, 21, 3], data: joints3d },
              joint_2d: { shape: [1, 21, 2], data: joints2d },
            },
            { compression: 'deflate' },
          );
        const metres = Float32Array.from(rowsOf(hand.keypoints3d!, 'panoptic').flat(), (mm) => mm / 1000);
        const pixels = Float32Array.from(hand.keypoints);
        const absent = labels(new Float32Array(63).fill(-1), new Float32Array(42).fill(-1), new Float32Array(51));
        await write(`${sequence}/${camera}/labels_000000.npz`, absent);
        await write(`${sequence}/${camera}/labels_000001.npz`, labels(metres, pixels, poseM));
        await writeImages(join(folder, sequence, camera), [hand, hand], (k) => `color_00000${k}.jpg`);
        result.push({
          ...hand,
          keypoints: Float64Array.from(pixels),
          keypoints3d: Float64Array.from(metres, (value) => value * 1000),
          mask: { ...SIZE, data: seg.map((value) => (value === 255 ? 255 : 0)) },
          mano: {
            convention: 'dexycb',
            pose: Float64Array.from(poseM.slice(0, 48)),
            betas: Float64Array.from(betas),
            transl: Float64Array.from(poseM.slice(48)),
          },
        });
      }
    }
    return result;
  },
};
