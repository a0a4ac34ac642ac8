// Made-up annotation files of datasets that keep arrays, in the formats of their authors and large enough to be measured.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeNpz } from '@opposable/array-files';
import { pyArray, pyDict, writePython2Pickle } from '@opposable/array-files/testing';
import { CAMERA, linkMany, normals, padded, points, project, write } from './made-up.mjs';

const numpy = (shape, values, array = Float64Array) => pyArray({ shape, data: array.from(values) });

export function writeHo3d(folder, count) {
  const name = (i) => padded(i, 5);
  mkdirSync(join(folder, 'train/ABF10/rgb'), { recursive: true });
  const contents = () =>
    writePython2Pickle(
      pyDict({
        ...{ camMat: numpy([3, 3], CAMERA), handJoints3D: numpy([21, 3], points(-1)) },
        ...{ handPose: numpy([48], normals(48)), handBeta: numpy([10], normals(10)) },
        ...{ handTrans: numpy([3], normals(3)), objName: '021_bleach_cleanser', objLabel: 12 },
        ...{ objRot: numpy([3, 1], normals(3)), objTrans: numpy([3], normals(3)) },
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
  const betas = normals(10).map((value) => `- ${value}\n`);
  write(join(folder, 'calibration/mano_a/mano.yml'), `betas:\n${betas.join('')}`);
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
    const base = `20200709-subject-01/20200709_${100_000 + sequence}`;
    const serials = cameras.map((camera) => `- '${camera}'\n`).join('');
    write(
      join(folder, base, 'meta.yml'),
      `serials:\n${serials}num_frames: ${frames}\nmano_calib:\n- a\nmano_sides:\n- right\n`,
    );
    for (const camera of cameras) {
      mkdirSync(join(folder, base, camera), { recursive: true });
      for (let i = 0; i < frames; i++) paths.push(join(folder, base, camera, `labels_${padded(i, 6)}.npz`));
    }
  }
  linkMany(paths.length, contents, (i) => paths[i]);
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

/** A variable of a MAT file of version 5; `values` are column-major. */
function matMatrix(name, shape, values, text = false) {
  const element = (type, payload) => {
    const tag = Buffer.alloc(8);
    tag.writeUInt32LE(type, 0);
    tag.writeUInt32LE(payload.length, 4);
    return Buffer.concat([tag, payload, Buffer.alloc((8 - (payload.length % 8)) % 8)]);
  };
  const bytesOf = ({ buffer }) => new Uint8Array(buffer);
  const parts = [
    element(6, bytesOf(Uint32Array.of(text ? 4 : 6, 0))),
    element(5, bytesOf(Int32Array.from(shape))),
    element(1, Buffer.from(name, 'latin1')),
    text ? element(4, bytesOf(Uint16Array.from(values))) : element(9, bytesOf(Float64Array.from(values))),
  ];
  return element(14, Buffer.concat(parts));
}

function matFile(variables) {
  const header = Buffer.alloc(128, 0);
  header.write('MATLAB 5.0 MAT-file, made up'.padEnd(116), 'latin1');
  header.writeUInt16LE(0x0100, 124);
  header.write('IM', 126, 'latin1');
  return Buffer.concat([header, ...variables]);
}

/** Sequences of 1500 frames; the left pictures of the first `sequences` backgrounds' counting and random movements. */
export function writeStb(folder, sequences) {
  for (let k = 0; k < sequences; k++) {
    const name = `B${1 + (k >> 1)}${k % 2 === 0 ? 'Counting' : 'Random'}`;
    const frames = Array.from({ length: 1500 }, () => points().map((metres) => 1000 * metres));
    const values = frames.flatMap((frame) =>
      Array.from({ length: 63 }, (_, i) => frame[3 * Math.floor(i / 3) + (i % 3)]),
    );
    write(join(folder, `labels/${name}_BB.mat`), matFile([matMatrix('handPara', [3, 21, 1500], values)]));
  }
}

export function writeGeRealworld(folder, count) {
  const columns = (list) => Array.from({ length: list[0].length }, (_, k) => list.map((row) => row[k])).flat();
  const all = Array.from({ length: count }, () => points().map((metres) => 100 * metres));
  const names = all.map((_, i) => [...`images/${padded(i, 8)}.jpg`].map((letter) => letter.charCodeAt(0)));
  const poses = all.map((pose) => Array.from({ length: 63 }, (_, i) => pose[3 * (i % 21) + Math.floor(i / 21)]));
  const variables = [
    matMatrix('image_path', [count, names[0].length], columns(names), true),
    matMatrix('bbox', [count, 4], columns(all.map(() => [100, 50, 256, 256]))),
    matMatrix('cam_param', [count, 4], columns(all.map(() => [615, 615, 320, 240]))),
  ];
  write(join(folder, 'params.mat'), matFile(variables));
  write(join(folder, 'pose_gt.mat'), matFile([matMatrix('pose_gt', [count, 21, 3], columns(poses))]));
}
