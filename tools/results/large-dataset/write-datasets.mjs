import { linkSync, mkdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { checkSampleConformance } from '@opposable/hand-datasets';
import { writeImage } from '@opposable/hand-datasets/node';
import { streamSyntheticHands } from '@opposable/hand-synthesis';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';

/** ext4 gives a file 65,000 names at most. */
const LINKS = 20_000;

const padded = (number, length) => String(number).padStart(length, '0');
const rows = (values, width) =>
  Array.from({ length: values.length / width }, (_, i) => Array.from(values.slice(i * width, (i + 1) * width)));

/** Writes a JSON list without holding it. */
async function writeList(path, count, valueOf, { head = '[', tail = ']' } = {}) {
  const file = await open(path, 'w');
  try {
    let text = head;
    for (let i = 0; i < count; i++) {
      text += (i === 0 ? '' : ',') + JSON.stringify(valueOf(i));
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
function hands(count) {
  const all = streamSyntheticHands({
    model: loadOpenHand('right'),
    seed: 1,
    count: 4 * count,
    size: 224,
    preset: 'demo',
  });
  const sound = [...all].filter((hand) => checkSampleConformance(hand).problems.length === 0);
  if (sound.length < count) throw new Error(`expected ${count} sound hands, got ${sound.length}.`);
  return sound.slice(0, count);
}

const moved = (values, i) => values.map((value) => value + (i % 977) * 1e-5);

/**
 * FreiHAND's folder: `poses` poses with four pictures each. A few pictures under many names (hard links), so that two
 * hundred thousand of them take little of the disk.
 */
export async function writeFreihand(folder, poses) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'training', 'rgb'), { recursive: true });
  const made = hands(Math.max(16, Math.ceil((4 * poses) / LINKS)));
  const points = made.map(({ keypoints3d }) => Array.from(keypoints3d, (mm) => mm / 1000));
  const cameras = made.map(({ camera }) => rows(Array.from(camera), 3));
  const of = (list, i) => list[i % made.length];
  await writeList(join(folder, 'training_xyz.json'), poses, (i) => rows(moved(of(points, i), i), 3));
  await writeList(join(folder, 'training_K.json'), poses, (i) => of(cameras, i));
  const rng = createRng('mano');
  const mano = made.map(() => Array.from({ length: 61 }, (_, k) => (k === 60 ? 2000 : rng.normal(0, 0.3))));
  await writeList(join(folder, 'training_mano.json'), poses, (i) => [moved(of(mano, i), i)]);
  for (const [k, hand] of made.entries()) await writeImage(join(folder, `picture-${k}.jpg`), hand.image);
  for (let i = 0; i < 4 * poses; i++) {
    const picture = join(folder, `picture-${(i % poses) % made.length}.jpg`);
    linkSync(picture, join(folder, 'training', 'rgb', `${padded(i, 8)}.jpg`));
  }
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
