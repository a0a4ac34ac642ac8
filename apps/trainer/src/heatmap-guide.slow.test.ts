import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');

/** The guide's sizes, and those that a test has time for. */
const SMALLER: readonly (readonly [string, string])[] = [
  ['--train 8000 --test 500 --size 128', '--train 12 --test 4 --size 64'],
  ['--size 128', '--size 64'],
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opposable-guide-'));
  const configs = join(folder, 'apps/trainer/configs');
  await mkdir(configs, { recursive: true });
  for (const name of ['heatmap-unet-small.yaml', 'pretrain-heatmaps-small.yaml', 'pretrain-keypoints-small.yaml']) {
    const config = await readFile(join(root, 'apps/trainer/configs', name), 'utf8');
    const small = config
      .replace('inputSize: 128', 'inputSize: 64')
      .replace('count: 1000', 'count: 20')
      .replace(/^epochs: .*/m, 'epochs: 2')
      .replace(/iterations: .*/, 'iterations: 3')
      .replace(/batchSize: .*/, 'batchSize: 4');
    await writeFile(join(configs, name), small);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('every command of the guide to heat maps runs', async () => {
  const guide = await readFile(join(root, 'docs/guides/heatmaps.md'), 'utf8');
  const blocks = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);
  const commands = blocks.flatMap((block) => block.trim().split('\n'));
  expect(commands.length).toBeGreaterThan(6);
  const outputs: string[] = [];
  for (const command of commands) {
    const [program, ...words] = SMALLER.reduce((text, [from, to]) => text.replace(from, to), command).split(' ');
    expect(program).toBe('opposable');
    const main = join(root, 'apps/trainer/dist/main.js');
    const { stdout } = await run(process.execPath, [main, ...words], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: '' },
    }).catch((error: Error) => {
      throw new Error(`${command}\n${error.message}`);
    });
    outputs.push(stdout);
  }
  const said = outputs.join('\n');
  expect(said).toContain('normalization: { mean: [');
  expect(said).toContain('epoch 2 of 2');
  expect(said).toContain('parameters that are trained');
  expect(said).toContain('mean error, px of 224');
  for (const name of [
    'heatmap-unet-small/samples.png',
    'heatmap-unet-small/evaluation/hands.png',
    'heatmap-unet-small/predicted/00000000.json',
    'synthetic/heatmaps/test/00000000_6.png',
    'hands/heatmaps/train.npy',
    'pretrain-heatmaps-small/evaluation/report.html',
    'hands-predicted/test-00000000.png',
    'lifting.safetensors',
    'lifted/test-00000000.png',
  ]) {
    expect(existsSync(join(folder, 'runs', name))).toBe(true);
  }
}, 600_000);
