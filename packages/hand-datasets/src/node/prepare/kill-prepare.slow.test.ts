import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRng } from '@opposable/tensor-checks';
import { prepareConfigSchema, type PrepareConfig } from '../../prepare/prepare-config.js';
import { JSON_FIXTURES } from '../../test-support/native/json-fixtures.js';
import { prepareDataset } from './prepare-dataset.js';

const BUILT = fileURLToPath(new URL('../../../dist/node/index.js', import.meta.url));
const OPTIONS = { workers: 0, chunkSize: 3 } as const;

/** Calls `prepareDataset` and kills itself before the n-th change that it makes to the disk. */
const SCRIPT = `
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
const [config, last] = process.argv.slice(2);
let calls = 0;
for (const name of ['rename', 'rm', 'writeFile', 'open', 'mkdir']) {
  const original = fs[name];
  fs[name] = (...words) => {
    if (calls++ === Number(last)) process.kill(process.pid, 'SIGKILL');
    return original(...words);
  };
}
syncBuiltinESMExports();
const { prepareDataset } = await import(${JSON.stringify(BUILT)});
await prepareDataset(JSON.parse(config), ${JSON.stringify(OPTIONS)});
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kill-prepare-'));
  await writeFile(join(folder, 'run.mjs'), SCRIPT);
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

/** Files and what is in them, dataset.json without where it lies. */
async function contents(out: string): Promise<Record<string, string>> {
  const root = join(folder, out);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hashOf = async (name: string) =>
    createHash('sha256')
      .update(await readFile(name))
      .digest('hex');
  const pairs = names.map(async (name) => [name.slice(root.length), await hashOf(name)]);
  const files = Object.fromEntries(await Promise.all(pairs)) as Record<string, string>;
  const info = JSON.parse(await readFile(join(root, 'dataset.json'), 'utf8')) as { metadata: unknown };
  return { ...files, '/dataset.json': JSON.stringify({ ...info, metadata: undefined }) };
}

/** Whether it was killed. */
function killedAt(config: PrepareConfig, call: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(folder, 'run.mjs'), JSON.stringify(config), String(call)], {
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

it('prepareDataset, killed before any change of the disk, leaves no dataset or a whole one, and the next call gives the same files', async () => {
  await prepareDataset(configOf('whole'), OPTIONS);
  const whole = await contents('whole');
  let call = 0;
  for (; await killedAt(configOf(`killed-${call}`), call); call++) {
    const out = `killed-${call}`;
    const names = await readdir(folder);
    if (!names.includes(out)) await prepareDataset(configOf(out), OPTIONS);
    expect([call, await contents(out)]).toEqual([call, whole]);
    expect((await readdir(folder)).filter((name) => name.startsWith(out))).toEqual([out]);
    await rm(join(folder, out), { recursive: true });
  }
  expect(call).toBeGreaterThan(20);
});
