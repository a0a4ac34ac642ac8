import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PACKAGE = fileURLToPath(new URL('../../..', import.meta.url));

/** Threads run the build, so this runs in a process of its own: hashes of six batches for each number of threads. */
const CODE = `
import { createHash } from 'node:crypto';
import { AUGMENTATION_PRESETS, chooseBackend, loadBatches } from '@opposable/hand-training';
import { synthesizeDataset } from '@opposable/hand-synthesis/node';

await chooseBackend('cpu');
const prepared = process.argv[2] + '/data';
await synthesizeDataset({ out: prepared, seed: 3, train: 7, test: 0, size: 48, workers: 0 });
const answer = {};
for (const threads of [0, 1, 3]) {
  const data = {
    kind: 'loader', imageSize: 32, maskSize: 16, threads, ahead: 2,
    sources: [
      { source: { kind: 'prepared', prepared, split: 'train' }, weight: 2 },
      { source: { kind: 'synthetic', seed: 9, size: 40 }, weight: 1 },
    ],
  };
  const hashes = [];
  const options = { batchSize: 4, seed: 5, first: 2, augmentation: AUGMENTATION_PRESETS.strong };
  for await (const { size, names, dispose, ...tensors } of loadBatches(data, options)) {
    const sha = createHash('sha256').update(JSON.stringify(names));
    for (const name of Object.keys(tensors).sort()) sha.update(new Uint8Array((await tensors[name].data()).slice().buffer));
    dispose();
    if (hashes.push(sha.digest('hex')) === 6) break;
  }
  answer[threads] = hashes;
}
process.stdout.write(JSON.stringify(answer));
process.exit(0);
`;

it('gives the same batches, bit for bit, with no, one and three threads', async () => {
  const folder = await mkdtemp(join(PACKAGE, 'out-tsc-loader-')); // imports resolve as the package's own do
  try {
    const script = join(folder, 'run.mjs');
    await writeFile(script, CODE);
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout } = await promisify(execFile)(process.execPath, [script, folder], { env });
    const { 0: none, 1: one, 3: three } = JSON.parse(stdout.slice(stdout.lastIndexOf('{'))) as Record<number, string[]>;
    expect(none).toHaveLength(6);
    expect(new Set(none).size).toBe(6);
    expect(one).toEqual(none);
    expect(three).toEqual(none);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 300_000);
