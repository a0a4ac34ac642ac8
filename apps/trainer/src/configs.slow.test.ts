import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folder, makeFolder, opposable, removeFolder } from './test-support/cli-fixture.js';

const CONFIGS = fileURLToPath(new URL('../configs/', import.meta.url));
/** For other commands, or for photographs that are not here. */
const OTHERS = /^(prepare|synthesize|ge-realworld)-/;

/** Pictures as each kind of configuration expects them, few. */
const DATA = {
  small: '--preset demo --out data-128 --train 4 --test 2 --size 128 --workers 0',
  seed: '--preset seed --out data-320 --train 4 --test 2 --workers 0',
};

beforeAll(async () => {
  await makeFolder();
  for (const words of Object.values(DATA)) {
    expect(await opposable('synthesize', ...words.split(' '))).toMatchObject({ code: 0, stderr: '' });
  }
  // what the configurations go on from: a run of the small network, and the weights of a ResNet-34 as a file
  const start = (name: string, model: string, data: string) =>
    writeFile(
      join(folder, `${name}.yaml`),
      `model: ${model}\ndata: { prepared: ${data} }\noptimizer: { batchSize: 2, iterations: 1, learningRate: 0.0001 }\nout: ${name}\n`,
    );
  await start('start-small', '{ encoder: small, inputSize: 128 }', 'data-128');
  await start('start-34', '{ encoder: resnet34, inputSize: 256, pooling: 3dhand, outputScale: 3dhand }', 'data-320');
  for (const name of ['start-small', 'start-34']) {
    expect(await opposable('pretrain', `${name}.yaml`, '--replicas', '1')).toMatchObject({ code: 0, stderr: '' });
  }
  expect(await opposable('export', 'start-34', 'model-0.safetensors')).toMatchObject({ code: 0, stderr: '' });
}, 600_000);
afterAll(removeFolder);

/** The same configuration on the test's data, with batches of two. */
function onFewSamples(text: string): string {
  const settings = text.replace(/#.*/g, '');
  const data = /inputSize: 256|3dhand/.test(settings) ? 'data-320' : 'data-128';
  return settings
    .replace('split: val ', 'split: test ')
    .replace(/prepared: [^,}\n]+/g, (found) => `prepared: ${data}${found.endsWith(' ') ? ' ' : ''}`)
    .replace(/checkpoint: runs\/3dhand-[\w-]+/, 'checkpoint: start-34')
    .replace(/checkpoint: runs\/[\w-]+/, 'checkpoint: start-small')
    .replace('model-0.pth', 'model-0.safetensors')
    .replace(/batchSize: \d+/, 'batchSize: 2')
    .replace(/batchesPerEpoch: \d+/, 'batchesPerEpoch: 2')
    .replace(/, count: \d+ }/, ', count: 2 }');
}

const names = (await readdir(CONFIGS)).filter((name) => name.endsWith('.yaml') && !OTHERS.test(name)).sort();

it('there is something to run', () => {
  expect(names.filter((name) => name.includes('3dhand'))).toHaveLength(5);
  expect(names.filter((name) => name.includes('-small'))).toHaveLength(9);
});

it.each(names)(
  '%s trains',
  async (name) => {
    const text = onFewSamples(await readFile(join(CONFIGS, name), 'utf8'));
    await writeFile(join(folder, name), text);
    if (/channels: 24/.test(text)) {
      const words = 'heatmaps data-128 --checkpoint heatmap-unet-small --format array --overwrite'.split(' ');
      expect(await opposable(...words)).toMatchObject({ code: 0 }); // of the configuration before
    }
    const out = name.replace('.yaml', '');
    const isHeatmap = /^kind: heatmap/m.test(text);
    const length = isHeatmap ? ['--epochs', '1'] : ['--iterations', '3'];
    const command = /^poseMetric:/m.test(text) ? 'pretrain' : 'train';
    const words = [command, name, '--out', out, '--replicas', '1', ...length];
    const { code, stdout, stderr } = await opposable(...words);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain(`Run: ${out}`);
    const files = await readdir(join(folder, out));
    expect(files).toEqual(expect.arrayContaining(isHeatmap ? ['epochs.jsonl'] : ['checkpoint', 'evaluation']));
  },
  600_000,
);
