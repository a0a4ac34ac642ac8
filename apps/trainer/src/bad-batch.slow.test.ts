import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSafetensors } from '@opposable/array-files';
import { folder, makeFolder, opposable, removeFolder } from './test-support/cli-fixture.js';

const config = (learningRate: number, explosionFactor: number): string => `
model: { encoder: small, inputSize: 32 }
data: { prepared: data }
optimizer: { batchSize: 4, iterations: 200, learningRate: ${learningRate}, explosionFactor: ${explosionFactor} }
keep: { every: 1, validateEvery: 1000 }
out: unused
`;

beforeAll(makeFolder, 120_000);
afterAll(removeFolder);

describe.each([
  ['a loss that is not finite', 1e30, 1e300, /expected a finite loss, got /],
  ['a loss that exceeds its recent mean', 0.002, 1.001, /expected a loss of at most 1\.001 times the recent /],
] as const)('%s', (_name, learningRate, explosionFactor, said) => {
  it('ends the run with its batch saved and the last good checkpoint named, if there is one', async () => {
    const out = `out-${learningRate}`;
    await writeFile(join(folder, 'bad.yaml'), config(learningRate, explosionFactor));
    const { code, stderr } = await opposable('pretrain', 'bad.yaml', '--out', out, '--replicas', '1');
    expect(code).toBe(2);
    const sentence = stderr.trim();
    expect(sentence.split('\n')).toHaveLength(1);
    expect(sentence).toMatch(said);
    const failure = join(out, 'failure-pretrain');
    expect(sentence).toContain(`; the batch is in ${failure}; `);

    const about = JSON.parse(await readFile(join(folder, failure, 'batch-0.json'), 'utf8')) as {
      iteration: number;
      terms: Record<string, number | string>;
      samples: string[];
    };
    expect([...about.samples].sort()).toEqual([0, 1, 2, 3].map((i) => `train-0000000${i}`));
    expect(Object.keys(about.terms)).toEqual(expect.arrayContaining(['scale', 'translation', 'rotation', 'pose', 'betas'])); // prettier-ignore
    const { tensors } = parseSafetensors(await readFile(join(folder, failure, 'batch-0.safetensors')));
    expect(tensors['images']!.shape).toEqual([4, 32, 32, 3]);
    expect((tensors['images']!.data as Float32Array).every((value) => value >= 0 && value <= 1)).toBe(true);

    if (learningRate > 1) {
      // the first step spoils the weights: those of the checkpoint after it gave the loss that is not finite
      expect(about.iteration).toBe(1);
      expect(sentence).toMatch(/; there is no good checkpoint yet\.$/);
      return;
    }
    // the checkpoint that is named is there, and its weights gave the loss before the one that is bad
    const checkpoint = /the last good checkpoint is (.*)\.$/.exec(sentence)?.[1];
    expect(checkpoint).toBeDefined();
    expect(await readdir(join(folder, checkpoint!))).toEqual(
      expect.arrayContaining(['weights.safetensors', 'state.json']),
    );
    expect(Number(checkpoint!.slice(-8))).toBe(about.iteration - 1);
    const weights = parseSafetensors(await readFile(join(folder, checkpoint!, 'weights.safetensors'))).tensors;
    for (const { data } of Object.values(weights)) expect((data as Float32Array).every(Number.isFinite)).toBe(true);
    const evaluated = await opposable('evaluate', checkpoint!, '--data', 'data', '--out', `${out}-evaluated`);
    expect(evaluated).toMatchObject({ code: 0, stderr: '' });
  }, 300_000);
});
