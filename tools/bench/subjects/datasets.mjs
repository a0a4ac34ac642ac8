import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readers } from '@opposable/hand-datasets/node';
import { writeDexYcb, writeGeRealworld, writeHo3d, writeRhd, writeStb } from '../datasets/native-array-files.mjs';
import {
  writeCoco,
  writeCocoWholebody,
  writeFreihand,
  writeHandLabels,
  writeInterhand,
  writeJointsJson,
  writeOneHand10k,
  writePanoptic,
} from '../datasets/native-json-files.mjs';
import { digits, milliseconds, row } from '../measure.mjs';

export const title = `Reading annotations, ${availableParallelism()} cores`;

const FILES = 12_000;
const LIST = 12_000;
const PATIENCE = { warmUp: 1, minimum: 2, seconds: 0.5 };

/** Files below a folder whose names end so. */
const filesIn = (folder, ending) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name));

const readAll = (folder, ending) => {
  const paths = filesIn(folder, ending);
  return () => {
    for (const path of paths) readFileSync(path);
  };
};
const parseAll = (folder) => {
  const paths = filesIn(folder, '.json');
  return () => {
    for (const path of paths) JSON.parse(readFileSync(path, 'utf8'));
  };
};

const FILE = 'readFileSync of the same files';
const JSON_FILE = 'JSON.parse of the same files';
const anyCoco = {
  ...{ annotations: 'all.json', sideField: 'hand_side', keypoints3d: 'joint_cam', keypoints3dUnit: 'm' },
  camera: 'cam_param',
};

/** Reader, its options, how its files are made, and the reading that it is compared with. */
const DATASETS = [
  ['ho3d', {}, (folder) => writeHo3d(folder, FILES), (folder) => readAll(folder, '.pkl'), FILE],
  ['dexycb', {}, (folder) => writeDexYcb(folder, FILES), (folder) => readAll(folder, '.npz'), FILE],
  [
    'mpii-nzsl',
    {},
    (folder) => writeHandLabels(folder, 'manual_train', FILES),
    (folder) => readAll(folder, '.json'),
    FILE,
  ],
  ['cmu-synth', {}, (folder) => writeHandLabels(folder, 'synth2', FILES), (folder) => readAll(folder, '.json'), FILE],
  ['rhd', { hands: 'both' }, (folder) => writeRhd(folder, LIST / 2), (folder) => readAll(folder, '.pickle'), FILE],
  ['stb', { cameras: ['bb-left'] }, (folder) => writeStb(folder, 8), (folder) => readAll(folder, '.mat'), FILE],
  ['ge-realworld', {}, (folder) => writeGeRealworld(folder, LIST), (folder) => readAll(folder, '.mat'), FILE],
  ['panoptic', {}, (folder) => writePanoptic(folder, LIST), parseAll, JSON_FILE],
  ['freihand', { versions: ['gs'] }, (folder) => writeFreihand(folder, LIST), parseAll, JSON_FILE],
  ['interhand', {}, (folder) => writeInterhand(folder, LIST / 8), parseAll, JSON_FILE],
  ['coco-wholebody', {}, (folder) => writeCocoWholebody(folder, LIST / 2), parseAll, JSON_FILE],
  ['onehand10k', {}, (folder) => writeOneHand10k(folder, LIST), parseAll, JSON_FILE],
  ['joints-json', {}, (folder) => writeJointsJson(folder, LIST), parseAll, JSON_FILE],
  ['coco', anyCoco, (folder) => writeCoco(folder, LIST), parseAll, JSON_FILE],
];

export async function measure() {
  const rows = [];
  for (const [name, options, write, roofline, what] of DATASETS) {
    const folder = await mkdtemp(join(tmpdir(), 'opposable-bench-'));
    try {
      write(folder);
      let records = 0;
      const read = async () => {
        records = 0;
        for await (const record of readers[name](folder, options).records())
          records += record.visibility.length > 0 ? 1 : 0;
      };
      const reading = await milliseconds(read, PATIENCE);
      const before = process.cpuUsage();
      await read();
      const { user, system } = process.cpuUsage(before);
      const bare = await milliseconds(roofline(folder), PATIENCE);
      if (records === 0) throw new Error(`the reader of ${name} gave nothing.`);
      rows.push(
        row(
          name,
          (records * 1000) / reading,
          'records/s',
          `${digits((user + system) / records)} µs of processor time; ${(reading / bare).toFixed(1)} × ${what}`,
        ),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return rows;
}
