import { linkSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { checkSampleConformance } from '@opposable/hand-datasets';
import { writeImage } from '@opposable/hand-datasets/node';
import { streamSyntheticHands } from '@opposable/hand-synthesis';
import { reorder } from '@opposable/keypoint-order';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';

/** ext4 gives a file 65,000 names at most. */
const LINKS = 20_000;

const padded = (number, length) => String(number).padStart(length, '0');
const rows = (values, width) =>
  Array.from({ length: values.length / width }, (_, i) => Array.from(values.slice(i * width, (i + 1) * width)));

/** Writes a JSON list without holding it. */
async function writeList(path, count, valueOf, { head = '[', tail = ']', key = () => '', flags = 'w' } = {}) {
  const file = await open(path, flags);
  try {
    let text = head;
    for (let i = 0; i < count; i++) {
      text += (i === 0 ? '' : ',') + key(i) + JSON.stringify(valueOf(i));
      if (text.length > 1 << 20) {
        await file.write(text);
        text = '';
      }
    }
    await file.write(text + tail);
  } finally {
    await file.close();
  }
}

/** Made-up right hands that pass for hands; the same few come again and again, each time moved a little. */
function hands(count, size = 224) {
  const all = streamSyntheticHands({
    ...{ model: loadOpenHand('right'), seed: 1, preset: 'demo' },
    ...{ count: 4 * count, size },
  });
  const sound = [...all].filter((hand) => checkSampleConformance(hand).problems.length === 0);
  if (sound.length < count) throw new Error(`expected ${count} sound hands, got ${sound.length}.`);
  return sound.slice(0, count);
}

const moved = (values, i) => values.map((value) => value + (i % 977) * 1e-5);

/** FreiHAND's lists of `poses` poses, four pictures each; without pictures. */
export async function writeFreihand(folder, poses) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const made = hands(16);
  const points = made.map(({ keypoints3d }) => Array.from(keypoints3d, (mm) => mm / 1000));
  const cameras = made.map(({ camera }) => rows(Array.from(camera), 3));
  const of = (list, i) => list[i % made.length];
  await writeList(join(folder, 'training_xyz.json'), poses, (i) => rows(moved(of(points, i), i), 3));
  await writeList(join(folder, 'training_K.json'), poses, (i) => of(cameras, i));
  const rng = createRng('mano');
  const mano = made.map(() => Array.from({ length: 61 }, (_, k) => (k === 60 ? 2000 : rng.normal(0, 0.3))));
  await writeList(join(folder, 'training_mano.json'), poses, (i) => [moved(of(mano, i), i)]);
}

/**
 * A COCO file of `count` hands with 3D and cameras, and their pictures: a few of them, of `size` pixels, under many names
 * (hard links), so that two hundred thousand take little of the disk.
 */
export async function writeCoco(folder, count, size) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'images'), { recursive: true });
  const made = hands(Math.max(16, Math.ceil(count / LINKS)), size);
  const name = (i) => `${padded(i, 8)}.jpg`;
  const images = Array.from({ length: count }, (_, id) =>
    JSON.stringify({ id, file_name: name(id), width: size, height: size }),
  );
  const annotation = (i) => {
    const { keypoints, keypoints3d, camera } = made[i % made.length];
    const pixels = Array.from({ length: 63 }, (_, k) => (k % 3 === 2 ? 1 : keypoints[k - Math.floor(k / 3)]));
    return {
      ...{ id: i, image_id: i, category_id: 1, keypoints: pixels, joint_cam: rows(Array.from(keypoints3d), 3) },
      cam_param: { focal: [camera[0], camera[4]], princpt: [camera[2], camera[5]] },
    };
  };
  await writeList(join(folder, 'all.json'), count, annotation, {
    head: `{"images":[${images.join(',\n')}],\n"annotations":[`,
    tail: '],"categories":[]}',
  });
  for (const [k, hand] of made.entries()) await writeImage(join(folder, `picture-${k}.jpg`), hand.image);
  for (let i = 0; i < count; i++)
    linkSync(join(folder, `picture-${i % made.length}.jpg`), join(folder, 'images', name(i)));
}

/** InterHand2.6M's three files: `pictures` of single right hands, fifteen cameras to a frame; without pictures. */
export async function writeInterhand(folder, pictures) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'annotations'), { recursive: true });
  const [hand] = hands(16);
  const cameras = Array.from({ length: 15 }, (_, i) => String(400_000 + i));
  const file = (kind) => join(folder, 'annotations', `InterHand2.6M_train_${kind}.json`);
  const of = (value) => Object.fromEntries(cameras.map((camera) => [camera, value]));
  const k = hand.camera;
  const camera = {
    ...{ campos: of([0, 0, 0]), camrot: of(rows([1, 0, 0, 0, 1, 0, 0, 0, 1], 3)) },
    ...{ focal: of([k[0], k[4]]), princpt: of([k[2], k[5]]) },
  };
  writeFileSync(file('camera'), JSON.stringify({ 0: camera }));
  const right = reorder(hand.keypoints3d, hand.keypointOrder, 'interhand');
  const valid = Array.from({ length: 42 }, (_, i) => [i < 21 ? 1 : 0]);
  const frames = Math.ceil(pictures / cameras.length);
  const joints = (i) => ({
    world_coord: rows([...moved(Array.from(right), i), ...new Array(63).fill(1)], 3),
    ...{ joint_valid: valid, hand_type: 'right', hand_type_valid: true },
  });
  await writeList(file('joint_3d'), frames, joints, { head: '{"0":{', tail: '}}', key: (i) => `"${i}":` });
  const image = (id) => ({
    ...{ id, file_name: `Capture0/0000_neutral_rigid/cam${cameras[id % 15]}/image${Math.floor(id / 15)}.jpg` },
    ...{ width: 512, height: 334, capture: 0, subject: 0, seq_name: '0000_neutral_rigid' },
    ...{ camera: cameras[id % 15], frame_idx: Math.floor(id / 15) },
  });
  const annotation = (id) => ({
    ...{ id, image_id: id, bbox: [100.25, 90.5, 120.75, 140.125], joint_valid: valid.flat() },
    ...{ hand_type: 'right', hand_type_valid: 1 },
  });
  await writeList(file('data'), pictures, image, { head: '{"images":[', tail: '],"annotations":[' });
  await writeList(file('data'), pictures, annotation, { head: '', tail: ']}', flags: 'a' });
  return statSync(file('data')).size;
}

/** COCO-WholeBody's annotation file with two hands in each of `people` annotations; without pictures. */
export async function writeCocoWholebody(folder, people) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'val2017'), { recursive: true });
  const made = hands(16);
  const list = (hand, i) => {
    const keypoints = moved(Array.from(hand.keypoints), i);
    return Array.from({ length: 63 }, (_, k) => (k % 3 === 2 ? 0.7 : keypoints[k - Math.floor(k / 3)]));
  };
  const path = join(folder, 'coco_wholebody_val_v1.0.json');
  const body = Array.from({ length: 51 }, (_, k) => 1.5 * k);
  const images = Array.from({ length: people }, (_, i) =>
    JSON.stringify({ id: i, file_name: `${padded(i, 12)}.jpg`, width: 224, height: 224 }),
  );
  const annotation = (i) => {
    const [left, right] = [made[i % made.length], made[(i + 1) % made.length]];
    return {
      ...{ id: i, image_id: i, category_id: 1, iscrowd: 0, keypoints: body, bbox: [0, 0, 224, 224] },
      ...{ lefthand_kpts: list(left, i), lefthand_box: left.bbox, lefthand_valid: true },
      ...{ righthand_kpts: list(right, i), righthand_box: right.bbox, righthand_valid: true },
    };
  };
  await writeList(path, people, annotation, {
    head: `{"images":[${images.join(',\n')}],\n"annotations":[`,
    tail: '],"categories":[]}',
  });
}
