import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { axisAngleToMatrix } from '@opposable/geometry/host';
import type { HandSample } from '../../types.js';
import { madeUpHands, type NativeFixture, rowsOf, writeImages } from './native-fixture.js';

const ROTATION = axisAngleToMatrix(Float64Array.of(0.3, -0.5, 0.2));
const POSITION = [-400, 130, 60];

/** X_world = Rᵀ · X_cam + position */
function toWorld(rows: number[][]): number[][] {
  return rows.map((row) =>
    [0, 1, 2].map((k) => row.reduce((sum, value, i) => sum + ROTATION[3 * i + k]! * value, 0) + POSITION[k]!),
  );
}

/** Two images: an interacting pair, and a left hand alone whose little finger is not valid. */
export const INTERHAND_FIXTURE: NativeFixture = {
  name: 'interhand',
  async write(folder, rng) {
    const size = { width: 334, height: 512 };
    const right = madeUpHands(rng.split('right'), 1, size)[0]!;
    const [left, alone] = madeUpHands(rng.split('left'), 2, { ...size, side: 'left' }) as [HandSample, HandSample];
    const invalid = new Array<number[]>(21).fill([1, 1, 1]);
    const world = (hand: HandSample | undefined) => (hand ? toWorld(rowsOf(hand.keypoints3d!, 'interhand')) : invalid);
    const valid = (there: boolean, missing: readonly number[] = []) =>
      Array.from({ length: 21 }, (_, i) => [there && !missing.includes(i) ? 1 : 0]);
    const camera = right.camera!;
    const folderName = 'Capture3/0390_dh_touchROM/cam400026';
    const images = [11, 12].map((frame) => ({
      id: 1000 + frame,
      file_name: `${folderName}/image${frame}.jpg`,
      ...size,
      capture: 3,
      subject: 4,
      seq_name: '0390_dh_touchROM',
      camera: '400026',
      frame_idx: frame,
    }));
    const annotations = [
      { joint_valid: [...valid(true), ...valid(true)], hand_type: 'interacting', bbox: [0, 0, 334, 512] },
      { joint_valid: [...valid(false), ...valid(true, [16])], hand_type: 'left', bbox: alone.bbox },
    ].map((fields, i) => ({ ...fields, id: i, image_id: images[i]!.id, hand_type_valid: 1 }));
    const base = join(folder, 'annotations', 'train');
    await mkdir(base, { recursive: true });
    const write = (kind: string, value: unknown) =>
      writeFile(join(base, `InterHand2.6M_train_${kind}.json`), JSON.stringify(value));
    await write('data', { images, annotations });
    const rotation = [0, 3, 6].map((i) => Array.from(ROTATION.slice(i, i + 3)));
    await write('camera', {
      3: {
        campos: { 400026: POSITION },
        camrot: { 400026: rotation },
        focal: { 400026: [camera[0], camera[4]] },
        princpt: { 400026: [camera[2], camera[5]] },
      },
    });
    await write('joint_3d', {
      3: {
        11: { world_coord: [...world(right), ...world(left)], joint_valid: [], hand_type: 'interacting' },
        12: { world_coord: [...invalid, ...world(alone)], joint_valid: [], hand_type: 'left' },
      },
    });
    const numbers = (count: number) => Array.from({ length: count }, () => rng.normal());
    const fit = { pose: numbers(48), shape: numbers(10), trans: numbers(3) };
    await write('MANO_NeuralAnnot', { 3: { 11: { right: fit, left: null } } });
    await writeImages(folder, [right, alone], (i) => `images/train/${images[i]!.file_name}`);
    const pinkyTip = 20; // in panoptic order; index 16 of InterHand's hand
    const without = <T extends Float64Array | Uint8Array>(values: T): T => {
      const width = values.length / 21;
      return values.map((value: number, i: number) => (Math.floor(i / width) === pinkyTip ? 0 : value)) as T;
    };
    return [
      right,
      left,
      {
        ...alone,
        keypoints: without(alone.keypoints),
        visibility: without(alone.visibility),
        keypoints3d: without(alone.keypoints3d!),
        keypoints3dValid: without(alone.keypoints3dValid!),
      },
    ];
  },
};
