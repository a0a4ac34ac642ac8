// Made-up annotation files of datasets that keep JSON, in the formats of their authors and large enough to be measured.
import { join } from 'node:path';
import { CAMERA, flagged, linkMany, normals, padded, points, rows, write } from './made-up.mjs';

const writeJson = (path, value) => write(path, JSON.stringify(value));
const many = (count, of) => Array.from({ length: count }, (_, i) => of(i));

/** One file a hand, as in hand_labels (`part` manual_train) and hand_labels_synth (`part` synth2). */
export function writeHandLabels(folder, part, count) {
  const contents = () =>
    JSON.stringify({
      ...{ hand_pts: flagged(), hand_box_center: [320, 240], is_left: 1 },
      ...(part === 'manual_train' && { mpii_body_pts: rows(normals(42, 100), 3), head_size: 30, is_mpii: 1 }),
    });
  linkMany(count, contents, (i) => join(folder, part, `${padded(i, 9)}_01_l.json`));
}

export function writePanoptic(folder, count) {
  const root = many(count, (i) => ({
    ...{ dataset: 'HAND143_PANOPTIC', isValidation: 0, img_paths: `imgs/${padded(i, 8)}.jpg` },
    ...{ img_width: 640, img_height: 480, objpos: [320, 240], joint_self: flagged() },
    ...{ scale_provided: 0.5, joint_others: [], annolist_index: i, people_index: 1, numOtherPeople: 0 },
  }));
  writeJson(join(folder, 'hands_v143_14817.json'), { root });
}

export function writeFreihand(folder, poses) {
  const list = (name, of) => writeJson(join(folder, `training_${name}.json`), many(poses, of));
  list('K', () => rows([480, 0, 112, 0, 480, 112, 0, 0, 1], 3));
  list('xyz', () =>
    rows(
      points().map((value, i) => (i % 3 === 2 ? value : value / 4)),
      3,
    ),
  );
  list('mano', () => [[...normals(58), 112, 112, 900]]);
}

const cocoImages = (count) =>
  many(count, (id) => ({ id, file_name: `${padded(id, 12)}.jpg`, width: 640, height: 480 }));

export function writeCocoWholebody(folder, people) {
  const images = cocoImages(people);
  const hand = (side) => ({
    [`${side}hand_kpts`]: flagged(0.8).flat(),
    [`${side}hand_box`]: [200, 200, 240, 240],
    [`${side}hand_valid`]: true,
  });
  const annotations = images.map(({ id }) => ({
    ...{ id, image_id: id, category_id: 1, keypoints: normals(51, 100), bbox: [0, 0, 640, 480] },
    ...{ ...hand('left'), ...hand('right') },
  }));
  writeJson(join(folder, 'coco_wholebody_val_v1.0.json'), { images, annotations, categories: [] });
  write(join(folder, 'val2017/empty'), '');
}

export function writeOneHand10k(folder, count) {
  const images = cocoImages(count).map((image) => ({ ...image, file_name: `Train/source/${image.id}.jpg` }));
  const annotations = images.map(({ id }) => ({
    ...{ id, image_id: id, category_id: 1, iscrowd: 0, bbox: [200, 200, 240, 240], area: 57_600 },
    keypoints: flagged().flat(),
  }));
  writeJson(join(folder, 'annotations/onehand10k_train.json'), { images, annotations, categories: [] });
}

/** Any COCO file, with 3D and cameras. */
export function writeCoco(folder, count) {
  const images = cocoImages(count);
  const annotations = images.map(({ id }) => ({
    ...{ id, image_id: id, category_id: 1, bbox: [200, 200, 240, 240], hand_side: 'left' },
    ...{ keypoints: flagged(), joint_cam: rows(points(), 3) },
    cam_param: { focal: [615, 615], princpt: [320, 240] },
  }));
  writeJson(join(folder, 'all.json'), { images, annotations, categories: [] });
}

export function writeJointsJson(folder, count) {
  const image = many(count, (index) => ({
    ...{ index, img_paths: `image/${padded(index, 8)}.png`, '2d_joint': flagged() },
    '3d_joint': rows(
      points().map((metres) => 1000 * metres),
      3,
    ),
  }));
  writeJson(join(folder, 'train/joints.json'), { image, img_num: count });
}

/** Frames of one capture, each seen by four cameras, with both hands: eight records a frame. */
export function writeInterhand(folder, frames) {
  const cameras = ['400262', '400263', '400264', '400265'];
  const name = (kind) => join(folder, `annotations/train/InterHand2.6M_train_${kind}.json`);
  const of = (value) => Object.fromEntries(cameras.map((camera) => [camera, value]));
  const camera = { campos: of([0, 0, 0]), camrot: of(rows([1, 0, 0, 0, 1, 0, 0, 0, 1], 3)) };
  writeJson(name('camera'), { 0: { ...camera, focal: of([CAMERA[0], CAMERA[4]]), princpt: of([320, 240]) } });
  const millimetres = () =>
    rows(
      [...points(), ...points()].map((metres) => 1000 * metres),
      3,
    );
  const valid = many(42, () => [1]);
  const perFrame = (value) => ({ 0: Object.fromEntries(many(frames, (i) => [i, value()])) });
  const joints = () => ({
    world_coord: millimetres(),
    joint_valid: valid,
    hand_type: 'interacting',
    hand_type_valid: true,
  });
  writeJson(name('joint_3d'), perFrame(joints));
  const fit = () => ({ pose: normals(48), shape: normals(10), trans: normals(3) });
  writeJson(
    name('MANO_NeuralAnnot'),
    perFrame(() => ({ right: fit(), left: fit() })),
  );
  const images = many(4 * frames, (id) => ({
    ...{ id, file_name: `Capture0/0000_neutral_rigid/cam${cameras[id % 4]}/image${id >> 2}.jpg` },
    ...{ width: 512, height: 334, capture: 0, subject: 0, seq_name: '0000_neutral_rigid', camera: cameras[id % 4] },
    frame_idx: id >> 2,
  }));
  const annotations = images.map(({ id }) => ({
    ...{ id, image_id: id, bbox: [100, 100, 240, 240], joint_valid: valid.flat() },
    ...{ hand_type: 'interacting', hand_type_valid: 1 },
  }));
  writeJson(name('data'), { images, annotations });
}
