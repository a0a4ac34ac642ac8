import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@opposable/tensor-checks';
import { prepareConfigSchema, type PrepareConfig } from '../../prepare/prepare-config.js';
import { datasetContents, killedAt, killedCall } from '../../test-support/killed-call.js';
import { JSON_FIXTURES } from '../../test-support/native/json-fixtures.js';
import { prepareDataset } from './prepare-dataset.js';

const OPTIONS = { workers: 0, chunkSize: 3 } as const;

let folder: string;
let program: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kill-prepare-'));
  program = join(folder, 'run.mjs');
  await writeFile(program, killedCall('prepareDataset', OPTIONS, ['rename', 'rm', 'writeFile', 'open', 'mkdir']));
  for (const name of ['mpii-nzsl', 'panoptic']) {
    await JSON_FIXTURES.find((fixture) => fixture.name === name)!.write(join(folder, name), createRng(name));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const configOf = (out: string): PrepareConfig =>
  prepareConfigSchema.parse({
    ...{ out: join(folder, out), size: 32 },
    splits: {
      train: ['mpii-nzsl', 'panoptic'].map((dataset) => ({ dataset, root: join(folder, dataset) })),
      test: [{ dataset: 'panoptic', root: join(folder, 'panoptic'), limit: 2 }],
    },
  });

it('prepareDataset, killed before any change of the disk, leaves no dataset or a whole one, and the next call gives the same files', async () => {
  await prepareDataset(configOf('whole'), OPTIONS);
  const whole = await datasetContents(join(folder, 'whole'));
  let call = 0;
  for (; await killedAt(program, configOf(`killed-${call}`), call); call++) {
    const out = `killed-${call}`;
    const names = await readdir(folder);
    if (!names.includes(out)) await prepareDataset(configOf(out), OPTIONS);
    expect([call, await datasetContents(join(folder, out))]).toEqual([call, whole]);
    expect((await readdir(folder)).filter((name) => name.startsWith(out))).toEqual([out]);
    await rm(join(folder, out), { recursive: true });
  }
  expect(call).toBeGreaterThan(20);
});
