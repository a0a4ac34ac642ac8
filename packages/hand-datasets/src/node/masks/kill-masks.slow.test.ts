import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { datasetContents, killedAt, killedCall } from '../../test-support/killed-call.js';
import { paintedHand, PAINTED_SIZE } from '../../test-support/painted-hand.js';
import { createPreparedDatasetWriter } from '../prepared/create-prepared-dataset-writer.js';
import { openPreparedDataset } from '../prepared/open-prepared-dataset.js';
import { addMasks } from './add-masks.js';

const OPTIONS = { workers: 0, chunkSize: 2, iterations: 1, band: 0.06, replace: 'all' } as const;

let folder: string;
let program: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kill-masks-'));
  program = join(folder, 'run.mjs');
  await writeFile(program, killedCall('addMasks', OPTIONS, ['rename', 'rm', 'writeFile', 'copyFile', 'mkdir']));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('addMasks, killed before any change of the disk, leaves a whole dataset, and the next call all of it and nothing else', async () => {
  const start = join(folder, 'start');
  const writer = await createPreparedDatasetWriter(start, { imageSize: PAINTED_SIZE, keypointOrder: 'panoptic' });
  for (let i = 0; i < 3; i++) await writer.add('train', { ...paintedHand(`train-${i}`) });
  await writer.close();
  await addMasks(start, { ...OPTIONS, band: 0.1 }); // masks that will be replaced
  // every mask is made, none is in place
  const controller = new AbortController();
  const onProgress = ({ done, total }: { done: number; total: number }) => done === total && controller.abort();
  await expect(addMasks(start, { ...OPTIONS, onProgress, signal: controller.signal })).rejects.toThrow(/abort/);

  const expected = join(folder, 'expected');
  const copyTo = async (target: string): Promise<void> => {
    await cp(start, target, { recursive: true });
    await cp(`${start}.masking`, `${target}.masking`, { recursive: true });
  };
  await copyTo(expected);
  await addMasks(expected, OPTIONS);
  const whole = await datasetContents(expected);

  let call = 0;
  for (; ; call++) {
    const path = join(folder, `killed-${call}`);
    await copyTo(path);
    if (!(await killedAt(program, path, call))) break;
    const dataset = await openPreparedDataset(path);
    for (let i = 0; i < 3; i++) expect((await dataset.load('train', i)).mask).toBeDefined();
    // masks that were in place are not made again: with 'none' nothing is left to do
    await addMasks(path, { ...OPTIONS, replace: 'none' }).catch(() => addMasks(path, OPTIONS));
    expect([call, await datasetContents(path)]).toEqual([call, whole]);
    expect((await readdir(folder)).filter((name) => name === `killed-${call}.masking`)).toEqual([]);
    await rm(path, { recursive: true });
  }
  expect(call).toBeGreaterThan(10);
});
