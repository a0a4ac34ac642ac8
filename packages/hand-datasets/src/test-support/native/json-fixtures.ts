import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HandSample } from '../../types.js';
import { madeUpHands, matrixOf, type NativeFixture, rowsOf, writeImages } from './native-fixture.js';

async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(value));
}
const padded = (number: number, length: number): string => String(number).padStart(length, '0');
const without3d = (hand: HandSample): HandSample => ({
  ...hand,
  keypoints3d: undefined,
  keypoints3dValid: undefined,
  camera: undefined,
});

const panoptic: NativeFixture = {
  name: 'panoptic',
  async write(folder, rng) {
    const hands = madeUpHands(rng, 3);
    const root = hands.map((hand, i) => ({
      dataset: 'HAND143_PANOPTIC',
      img_paths: `imgs/${padded(i, 8)}.jpg`,
      img_width: hand.image.width,
      img_height: hand.image.height,
      objpos: [80, 60],
      joint_self: rowsOf(hand.keypoints, 'panoptic', [1]),
      scale_provided: 0.5,
    }));
    await writeJson(folder, 'hands_v143_14817.json', { root });
    await writeImages(folder, hands, (i) => root[i]!.img_paths);
    return hands.map(without3d);
  },
};

const handLabels = (hand: HandSample) => ({
  hand_pts: rowsOf(hand.keypoints, 'panoptic', [1]),
  hand_box_center: [80, 60],
  is_left: hand.side === 'left' ? 1 : 0,
});

const mpiiNzsl: NativeFixture = {
  name: 'mpii-nzsl',
  async write(folder, rng) {
    const hands = [...madeUpHands(rng.split('left'), 2, { side: 'left' }), ...madeUpHands(rng.split('right'), 1)];
    const names = ['manual_train/000015774_01_l', 'manual_train/Frank_1_l', 'manual_test/000015774_01_r'];
    for (const [i, hand] of hands.entries()) {
      await writeJson(folder, `${names[i]}.json`, { ...handLabels(hand), mpii_body_pts: [], is_mpii: i === 1 ? 0 : 1 });
    }
    await writeImages(folder, hands, (i) => `${names[i]}.jpg`);
    return hands.map(without3d);
  },
};

const cmuSynth: NativeFixture = {
  name: 'cmu-synth',
  async write(folder, rng) {
    const hands = madeUpHands(rng, 3, { side: 'left' });
    const names = ['synth2/0001', 'synth2/0002', 'synth3/0001'];
    for (const [i, hand] of hands.entries()) await writeJson(folder, `${names[i]}.json`, handLabels(hand));
    await writeImages(folder, hands, (i) => `${names[i]}.jpg`);
    await writeImages(folder, hands, (i) => `output_viz_synth/${i}.jpg`);
    return hands.map(without3d);
  },
};

/** Length of the middle finger's first bone in metres. */
const scaleOf = ({ keypoints3d: mm }: HandSample): number =>
  Math.hypot(...[0, 1, 2].map((k) => mm![30 + k]! - mm![27 + k]!)) / 1000;

const freihand: NativeFixture = {
  name: 'freihand',
  async write(folder, rng) {
    const poses = madeUpHands(rng, 3, { width: 224, height: 224 });
    const mano = poses.map(() => [Array.from({ length: 61 }, (_, i) => (i === 60 ? 2000 : rng.normal(0, 0.3)))]);
    const metres = (hand: HandSample) =>
      rowsOf(
        hand.keypoints3d!.map((value) => value / 1000),
        'panoptic',
      );
    await writeJson(folder, 'training_K.json', poses.map(matrixOf));
    await writeJson(folder, 'training_xyz.json', poses.map(metres));
    await writeJson(folder, 'training_mano.json', mano);
    await writeJson(folder, 'training_scale.json', poses.map(scaleOf));
    const hands = [0, 1, 2, 3].flatMap(() => poses);
    await writeImages(folder, hands, (i) => `training/rgb/${padded(i, 8)}.jpg`);
    const masks = poses.map((hand) => ({ ...hand, image: hand.image }));
    await writeImages(folder, masks, (i) => `training/mask/${padded(i, 8)}.jpg`);
    return hands;
  },
};

const freihandEvaluation: NativeFixture = {
  name: 'freihand',
  variant: 'evaluation',
  options: { split: 'evaluation' },
  async write(folder, rng) {
    const hands = madeUpHands(rng, 2, { width: 224, height: 224 });
    await writeJson(folder, 'evaluation_K.json', hands.map(matrixOf));
    const metres = (hand: HandSample) =>
      rowsOf(
        hand.keypoints3d!.map((value) => value / 1000),
        'panoptic',
      );
    await writeJson(folder, 'evaluation_xyz.json', hands.map(metres));
    await writeJson(folder, 'evaluation_scale.json', hands.map(scaleOf));
    await writeImages(folder, hands, (i) => `evaluation/rgb/${padded(i, 8)}.jpg`);
    return hands;
  },
};

const cocoFile = (hands: readonly HandSample[], fields: (hand: HandSample) => object, name: (i: number) => string) => ({
  info: {},
  licenses: [],
  images: hands.map(({ image }, i) => ({ id: 7 * i, file_name: name(i), width: image.width, height: image.height })),
  annotations: hands.map((hand, i) => ({
    id: 100 + i,
    image_id: 7 * i,
    category_id: 1,
    iscrowd: 0,
    bbox: hand.bbox,
    ...fields(hand),
  })),
  categories: [{ id: 1, name: 'hand' }],
});

const coco: NativeFixture = {
  name: 'coco',
  variant: 'with 3D in metres and a side field',
  options: {
    annotations: 'labels/all.json',
    images: 'pictures',
    keypointOrder: 'rhd',
    sideField: 'hand_side',
    box: 'bbox',
    keypoints3d: 'joint_cam',
    keypoints3dUnit: 'm',
    camera: 'cam_param',
  },
  async write(folder, rng) {
    const hands = [...madeUpHands(rng.split('l'), 1, { side: 'left' }), ...madeUpHands(rng.split('r'), 2)];
    const camera = ({ camera: k }: HandSample) => ({ focal: [k![0], k![4]], princpt: [k![2], k![5]] });
    const fields = (hand: HandSample) => ({
      keypoints: rowsOf(hand.keypoints, 'rhd', [1]),
      joint_cam: rowsOf(
        hand.keypoints3d!.map((value) => value / 1000),
        'rhd',
      ),
      hand_side: hand.side,
      cam_param: camera(hand),
    });
    await writeJson(
      folder,
      'labels/all.json',
      cocoFile(hands, fields, (i) => `${i}.png`),
    );
    await writeImages(folder, hands, (i) => `pictures/${i}.png`);
    return hands;
  },
};

const oneHand10k: NativeFixture = {
  name: 'onehand10k',
  async write(folder, rng) {
    const hands = madeUpHands(rng, 2);
    const fields = (hand: HandSample) => ({ keypoints: rowsOf(hand.keypoints, 'panoptic', [1]).flat() });
    const name = (i: number): string => `Train/source/${i + 1}.jpg`;
    await writeJson(folder, 'annotations/onehand10k_train.json', cocoFile(hands, fields, name));
    await writeImages(folder, hands, name);
    return hands.map(without3d);
  },
};

const cocoWholebody: NativeFixture = {
  name: 'coco-wholebody',
  async write(folder, rng) {
    const left = madeUpHands(rng.split('left'), 1, { side: 'left' })[0]!;
    const right = madeUpHands(rng.split('right'), 1)[0]!;
    const none = { kpts: new Array<number>(63).fill(0), box: [0, 0, 0, 0] };
    const person = (hands: Partial<Record<'left' | 'right', HandSample>>): Record<string, unknown> =>
      Object.fromEntries<unknown>(
        (['left', 'right'] as const).flatMap((side) => {
          const hand = hands[side];
          return [
            [`${side}hand_kpts`, hand ? rowsOf(hand.keypoints, 'panoptic', [0.7]).flat() : none.kpts],
            [`${side}hand_box`, hand?.bbox ?? none.box],
            [`${side}hand_valid`, hand !== undefined],
          ];
        }),
      );
    const people = [person({ left, right }), person({}), person({ right })];
    const images = people.map((_, i) => ({ id: i, file_name: `${padded(i, 12)}.jpg`, width: 160, height: 120 }));
    const annotations = people.map((fields, i) => ({ id: i, image_id: i, ...fields }));
    await writeJson(folder, 'coco_wholebody_val_v1.0.json', { images, annotations, categories: [] });
    await writeImages(folder, [right, right, right], (i) => `val2017/${padded(i, 12)}.jpg`);
    return [left, right, right].map(without3d);
  },
};

export const JSON_FIXTURES: readonly NativeFixture[] = [
  panoptic,
  mpiiNzsl,
  cmuSynth,
  freihand,
  freihandEvaluation,
  coco,
  oneHand10k,
  cocoWholebody,
];
