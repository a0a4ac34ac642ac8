import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { paintedHand, PAINTED_SIZE } from '../../test-support/painted-hand.js';
import { createPreparedDatasetWriter } from '../prepared/create-prepared-dataset-writer.js';
import { openPreparedDataset } from '../prepared/open-prepared-dataset.js';
import { addMasks } from './add-masks.js';

const BUILT = fileURLToPath(new URL('../../../dist/node/index.js', import.meta.url));
const OPTIONS = { workers: 0, chunkSize: 2, iterations: 1, band: 0.06, replace: 'all' } as const;

/** Calls `addMasks` and kills itself before the n-th change that it makes to the disk. */
const SCRIPT = `
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
const [path, last] = process.argv.slice(2);
let calls = 0;
for (const name of ['rename', 'rm', 'writeFile', 'copyFile', 'mkdir']) {
  const original = fs[name];
  fs[name] = (...words) => {
    if (calls++ === Number(last)) process.kill(process.pid, 'SIGKILL');
    return original(...words);
  };
}
syncBuiltinESMExports();
const { addMasks } = await import(${JSON.stringify(BUILT)});
await addMasks(path, ${JSON.stringify(OPTIONS)});
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kill-masks-'));
  await writeFile(join(folder, 'run.mjs'), SCRIPT);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Files and what is in them; what dataset.json says of the way there is left out. */
async function contents(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pairs = names.map(async (name) => [
    name.slice(root.length),
    createHash('sha256')
      .update(await readFile(name))
      .digest('hex'),
  ]);
  const files = Object.fromEntries(await Promise.all(pairs)) as Record<string, string>;
  const info = JSON.parse(await readFile(join(root, 'dataset.json'), 'utf8')) as { metadata: unknown };
  return { ...files, '/dataset.json': JSON.stringify({ ...info, metadata: undefined }) };
}

/** Whether it was killed. */
function killedAt(path: string, call: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(folder, 'run.mjs'), path, String(call)], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal === 'SIGKILL') resolve(true);
      else if (code === 0) resolve(false);
      else reject(new Error(`the child ended with exit code ${code}`));
    });
  });
}

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
  const whole = await contents(expected);

  let call = 0;
  for (; ; call++) {
    const path = join(folder, `killed-${call}`);
    await copyTo(path);
    if (!(await killedAt(path, call))) break;
    const dataset = await openPreparedDataset(path);
    for (let i = 0; i < 3; i++) expect((await dataset.load('train', i)).mask).toBeDefined();
    // masks that were in place are not made again: with 'none' nothing is left to do
    await addMasks(path, { ...OPTIONS, replace: 'none' }).catch(() => addMasks(path, OPTIONS));
    expect([call, await contents(path)]).toEqual([call, whole]);
    expect((await readdir(folder)).filter((name) => name === `killed-${call}.masking`)).toEqual([]);
    await rm(path, { recursive: true });
  }
  expect(call).toBeGreaterThan(10);
});
