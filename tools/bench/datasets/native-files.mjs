// Made-up annotation files in the formats of datasets, large enough to be measured. Numbers are random: speed does not depend
// on what they mean, as long as the readers accept them.
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeNpz } from '@opposable/array-files';
import { pyArray, pyDict, writePython2Pickle } from '@opposable/array-files/testing';
import { createRng } from '@opposable/tensor-checks';

const rng = createRng('native files');
const CAMERA = [615, 0, 320, 0, 615, 240, 0, 0, 1];
/** Different files; the others are further names of them. */
const DISTINCT = 64;

const normals = (count, scale = 0.1) => Array.from({ length: count }, () => rng.normal(0, scale));
/** [21, 3] metres in front of a camera. */
const points = (sign = 1) => Array.from({ length: 63 }, (_, i) => (i % 3 === 2 ? sign * 0.6 : 0) + rng.normal(0, 0.02));
const project = (xyz) =>
  Array.from({ length: 42 }, (_, i) => 320 + (615 * xyz[3 * (i >> 1) + (i % 2)]) / xyz[3 * (i >> 1) + 2]);
const rows = (values, width) =>
  Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));
const write = (path, contents) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
};
const numpy = (shape, values, array = Float64Array) => pyArray({ shape, data: array.from(values) });

/** `count` names in a folder for a few files. */
function linkMany(count, contentsOf, pathOf) {
  for (let i = 0; i < count; i++) {
    if (i < DISTINCT) write(pathOf(i), contentsOf(i));
    else linkSync(pathOf(i % DISTINCT), pathOf(i));
  }
}

export function writeHo3d(folder, count) {
  const name = (i) => String(i).padStart(5, '0');
  mkdirSync(join(folder, 'train/ABF10/rgb'), { recursive: true });
  const contents = () =>
    writePython2Pickle(
      pyDict({
        ...{ camMat: numpy([3, 3], CAMERA), handJoints3D: numpy([21, 3], points(-1)) },
        ...{
          handPose: numpy([48], normals(48)),
          handBeta: numpy([10], normals(10)),
          handTrans: numpy([3], normals(3)),
        },
        ...{
          objName: '021_bleach_cleanser',
          objLabel: 12,
          objRot: numpy([3, 1], normals(3)),
          objTrans: numpy([3], normals(3)),
        },
        ...{ objCorners3D: numpy([8, 3], normals(24)), objCorners3DRest: numpy([8, 3], normals(24)) },
      }),
    );
  linkMany(count, contents, (i) => join(folder, `train/ABF10/meta/${name(i)}.pkl`));
  write(join(folder, 'train.txt'), Array.from({ length: count }, (_, i) => `ABF10/${name(i)}\n`).join(''));
}

export function writeDexYcb(folder, count) {
  const cameras = ['836212060125', '839512060362', '840412060917', '841412060263'];
  const frames = 1000;
  const seg = new Uint8Array(640 * 480).map((_, i) => (i % 640 < 80 && i > 90_000 && i < 150_000 ? 255 : 0));
  for (const camera of cameras) {
    write(
      join(folder, `calibration/intrinsics/${camera}_640x480.yml`),
      'color:\n  fx: 615.0\n  fy: 615.0\n  ppx: 320.0\n  ppy: 240.0\n',
    );
  }
  write(
    join(folder, 'calibration/mano_a/mano.yml'),
    `betas:\n${normals(10)
      .map((value) => `- ${value}\n`)
      .join('')}`,
  );
  const contents = () => {
    const xyz = points();
    return writeNpz(
      {
        seg: { shape: [480, 640], data: seg },
        pose_y: { shape: [2, 3, 4], data: Float32Array.from(normals(24)) },
        pose_m: { shape: [1, 51], data: Float32Array.from(normals(51)) },
        joint_3d: { shape: [1, 21, 3], data: Float32Array.from(xyz) },
        joint_2d: { shape: [1, 21, 2], data: Float32Array.from(project(xyz)) },
      },
      { compression: 'deflate' },
    );
  };
  const paths = [];
  for (let sequence = 0; paths.length < count; sequence++) {
    const base = `20200709-subject-01/20200709_${String(100_000 + sequence)}`;
    write(
      join(folder, base, 'meta.yml'),
      `serials:\n${cameras.map((camera) => `- '${camera}'\n`).join('')}num_frames: ${frames}\nmano_calib:\n- a\nmano_sides:\n- right\n`,
    );
    for (const camera of cameras) {
      mkdirSync(join(folder, base, camera), { recursive: true });
      for (let frame = 0; frame < frames; frame++) {
        paths.push(join(folder, base, camera, `labels_${String(frame).padStart(6, '0')}.npz`));
      }
    }
  }
  linkMany(paths.length, contents, (i) => paths[i]);
  return paths.length;
}

export function writeRhd(folder, count) {
  const sample = () => {
    const both = [...points(), ...points()];
    const pixels = [...project(both.slice(0, 63)), ...project(both.slice(63))].map((value) => value / 2);
    const uv = Array.from({ length: 126 }, (_, i) => (i % 3 === 2 ? 1 : pixels[2 * Math.floor(i / 3) + (i % 3)]));
    const arrays = { uv_vis: [[42, 3], uv], xyz: [[42, 3], both], K: [[3, 3], CAMERA] };
    return pyDict(
      Object.fromEntries(Object.entries(arrays).map(([key, [shape, data]]) => [key, numpy(shape, data, Float32Array)])),
    );
  };
  const entries = Array.from({ length: count }, (_, i) => [i, sample()]);
  write(join(folder, 'training/anno_training.pickle'), writePython2Pickle({ kind: 'dict', entries }));
}

export function writeFreihand(folder, poses) {
  const list = (name, of) =>
    write(join(folder, `training_${name}.json`), JSON.stringify(Array.from({ length: poses }, of)));
  list('K', () => rows([480, 0, 112, 0, 480, 112, 0, 0, 1], 3));
  list('xyz', () =>
    rows(
      points().map((value, i) => (i % 3 === 2 ? value : value / 4)),
      3,
    ),
  );
  list('mano', () => [[...normals(58), 112, 112, 900]]);
}

export function writeCocoWholebody(folder, people) {
  const kpts = () => {
    const pixels = project(points());
    return Array.from({ length: 63 }, (_, i) => (i % 3 === 2 ? 0.8 : pixels[2 * Math.floor(i / 3) + (i % 3)]));
  };
  const name = (i) => `${String(i).padStart(12, '0')}.jpg`;
  const images = Array.from({ length: people }, (_, id) => ({ id, file_name: name(id), width: 640, height: 480 }));
  const hand = (side) => ({
    [`${side}hand_kpts`]: kpts(),
    [`${side}hand_box`]: [200, 200, 240, 240],
    [`${side}hand_valid`]: true,
  });
  const annotations = images.map(({ id }) => ({
    ...{ id, image_id: id, category_id: 1, keypoints: normals(51, 100), bbox: [0, 0, 640, 480] },
    ...hand('left'),
    ...hand('right'),
  }));
  write(join(folder, 'coco_wholebody_val_v1.0.json'), JSON.stringify({ images, annotations, categories: [] }));
}
