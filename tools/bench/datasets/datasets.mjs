// The readers that are measured: what each reads, and what its reading is held against.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDexYcb, writeGeRealworld, writeHo3d, writeRhd, writeStb } from './native-array-files.mjs';
import {
  writeCoco,
  writeCocoWholebody,
  writeFreihand,
  writeHandLabels,
  writeInterhand,
  writeJointsJson,
  writeOneHand10k,
  writePanoptic,
} from './native-json-files.mjs';

const FILES = 12_000;
const LIST = 24_000;

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
export const DATASETS = [
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
  [
    'stb',
    { cameras: ['bb-left'] },
    (folder) => writeStb(folder, LIST / 1500),
    (folder) => readAll(folder, '.mat'),
    FILE,
  ],
  ['ge-realworld', {}, (folder) => writeGeRealworld(folder, LIST), (folder) => readAll(folder, '.mat'), FILE],
  ['panoptic', {}, (folder) => writePanoptic(folder, LIST), parseAll, JSON_FILE],
  ['freihand', { versions: ['gs'] }, (folder) => writeFreihand(folder, LIST), parseAll, JSON_FILE],
  ['interhand', {}, (folder) => writeInterhand(folder, LIST / 8), parseAll, JSON_FILE],
  ['coco-wholebody', {}, (folder) => writeCocoWholebody(folder, LIST / 2), parseAll, JSON_FILE],
  ['onehand10k', {}, (folder) => writeOneHand10k(folder, LIST), parseAll, JSON_FILE],
  ['joints-json', {}, (folder) => writeJointsJson(folder, LIST), parseAll, JSON_FILE],
  ['coco', anyCoco, (folder) => writeCoco(folder, LIST), parseAll, JSON_FILE],
];
