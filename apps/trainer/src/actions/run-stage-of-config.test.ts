import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseBackend, createRun, saveRun } from '@opposable/hand-training';
import { createProgram } from '../program.js';

let folder: string;
beforeAll(async () => {
  await chooseBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'opposable-stage-'));
  const run = createRun({ encoder: 'small', inputSize: 32 }, 1);
  await saveRun(join(folder, 'run'), run);
  run.dispose();
});
afterAll(() => rm(folder, { recursive: true }));

it('--checkpoint leaves the hand that the configuration names: a run of another one is refused', async () => {
  const config = join(folder, 'train.yaml');
  await writeFile(
    config,
    `model: { checkpoint: elsewhere, hand: MANO_RIGHT.pkl }
data: { prepared: nowhere }
optimizer: { batchSize: 2, iterations: 1, learningRate: 0.001 }
weights: { keypoints2d: 1, keypoints3d: 0, mask: 0, regularization: 0 }
out: ${join(folder, 'out')}
`,
  );
  const words = ['train', config, '--checkpoint', join(folder, 'run'), '--backend', 'cpu'];
  await expect(createProgram(new AbortController().signal).parseAsync(['node', 'opposable', ...words])).rejects.toThrow(
    'hand: expected no file, since the run is of the open hand, got MANO_RIGHT.pkl.',
  );
});
