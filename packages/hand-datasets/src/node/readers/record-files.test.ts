import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@opposable/tensor-checks';
import { type DroppedRecord, dropRecord, type HandRecord } from '../../records.js';
import { NATIVE_FIXTURES } from '../../test-support/native/fixtures.js';
import { createFileReader } from '../file-reader.js';
import type { RecordFile } from './decode-record-files.js';
import { packRecords, unpackRecords } from './pack-records.js';
import { readers } from './readers.js';
import { recordFiles } from './record-files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'record-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('packRecords', () => {
  it.each(NATIVE_FIXTURES.map((fixture) => [`${fixture.name} ${fixture.variant ?? ''}`, fixture] as const))(
    'loses nothing of a record of %s',
    async (name, fixture) => {
      const root = join(folder, name.replace(/\W+/g, '-'));
      await mkdir(root);
      await fixture.write(root, createRng(name));
      const read = readers[fixture.name as 'coco'];
      const records: (HandRecord | DroppedRecord)[] = [];
      for await (const record of read(root, fixture.options as never).records()) records.push(record);
      expect(records.length).toBeGreaterThan(0);
      records.push({ ...dropRecord('no hand', 'here', 'there is none'), isFault: false });
      expect(unpackRecords(packRecords(records))).toEqual(records);
    },
  );
});

describe('createFileReader', () => {
  it('reads files of any size, through links inside and never outside, and does not wait for a pipe', async () => {
    const root = join(folder, 'root');
    await mkdir(join(root, 'a'), { recursive: true });
    await mkdir(join(folder, 'outside'));
    const large = new Uint8Array(200_001).map((_, i) => i % 251);
    await writeFile(join(root, 'a', 'large'), large);
    await writeFile(join(root, 'empty'), '');
    await writeFile(join(folder, 'outside', 'secret'), 'secret');
    await symlink('a/large', join(root, 'link'));
    await symlink(join(folder, 'outside', 'secret'), join(root, 'leak'));
    await symlink(join(folder, 'outside'), join(root, 'b'));
    const reader = createFileReader(root, 'test');
    const read = (name: string): Uint8Array => reader.read(name);
    expect(read('a/large').length).toBe(large.length);
    expect(Buffer.compare(read('a/large'), large)).toBe(0);
    expect(read('empty').length).toBe(0);
    expect(Buffer.compare(read('link'), large)).toBe(0);
    expect(() => read('leak')).toThrow(/expected a path inside the dataset, but .*leak is a link to/);
    expect(() => read('b/secret')).toThrow(/expected a path inside the dataset, but .*b is a link to/);
    expect(() => read('../outside/secret')).toThrow(/expected a path inside the dataset/);
    expect(() => read('/etc/hostname')).toThrow(/expected a path inside the dataset/);
    expect(() => read('a/none')).toThrow(/none cannot be read \(there is no such file\)/);
    expect(() => read('a')).toThrow(/a cannot be read \(EISDIR\)/);
  });
});

it('recordFiles keeps the order of files and of what is no file', async () => {
  const root = join(folder, 'pairs');
  await mkdir(root);
  const points = Array.from({ length: 21 }, (_, i) => [i, 2 * i, 1]);
  const files: (RecordFile<'hand-labels'> | DroppedRecord)[] = [];
  for (let i = 0; i < 600; i++) {
    if (i !== 5) await writeFile(join(root, `${i}.json`), JSON.stringify({ hand_pts: points, is_left: i % 2 }));
    const place = { dataset: 'made-up', file: `${i}.json`, image: `${i}.jpg`, index: i };
    files.push(i === 300 ? dropRecord('bad record', 'line 300', 'made up') : { file: `${i}.json`, place });
  }
  const lists = [files.slice(0, 5), [], files.slice(5, 350).values(), files.slice(350)];
  const found = [];
  for await (const records of recordFiles({ root, format: 'hand-labels', operation: 'test' }, lists)) {
    found.push(...records.map((record) => ('dropped' in record ? record.where : record.source.index)));
  }
  expect(found).toEqual(files.map((_, i) => (i === 5 ? '5.json' : i === 300 ? 'line 300' : i)));
});
