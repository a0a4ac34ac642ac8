import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readers } from '@opposable/hand-datasets/node';
import { writeCocoWholebody, writeDexYcb, writeFreihand, writeHo3d, writeRhd } from '../datasets/native-files.mjs';
import { milliseconds, row } from '../measure.mjs';

export const title = `Reading annotations, ${availableParallelism()} cores`;

const FILES = 24_000;
const PATIENCE = { warmUp: 1, minimum: 3, seconds: 1 };

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

const DATASETS = [
  [
    'ho3d',
    {},
    (folder) => writeHo3d(folder, FILES),
    (folder) => readAll(folder, '.pkl'),
    'readFileSync of the same files',
  ],
  [
    'dexycb',
    {},
    (folder) => writeDexYcb(folder, FILES),
    (folder) => readAll(folder, '.npz'),
    'readFileSync of the same files',
  ],
  [
    'rhd',
    { hands: 'both' },
    (folder) => writeRhd(folder, 10_000),
    (folder) => readAll(folder, '.pickle'),
    'readFileSync of the file',
  ],
  [
    'freihand',
    { versions: ['gs'] },
    (folder) => writeFreihand(folder, 20_000),
    parseAll,
    'JSON.parse of the same lists',
  ],
  ['coco-wholebody', {}, (folder) => writeCocoWholebody(folder, 10_000), parseAll, 'JSON.parse of the same file'],
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
      const bare = await milliseconds(roofline(folder), PATIENCE);
      if (records === 0) throw new Error(`the reader of ${name} gave nothing.`);
      rows.push(row(name, (records * 1000) / reading, 'records/s', `${(reading / bare).toFixed(1)} × ${what}`));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return rows;
}
