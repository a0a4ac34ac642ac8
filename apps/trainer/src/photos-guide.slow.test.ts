import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runGuide } from './test-support/run-guide.js';

/** The guide's sizes, and those that a test has time for. */
const smaller = (code: string): string =>
  code
    .replace("['train', 7, 200]", "['train', 7, 12]")
    .replace("['test', 8, 50]", "['test', 8, 4]")
    .replace('--train 8000 --test 500', '--train 12 --test 4')
    .replace(/iterations: 1000/g, 'iterations: 3')
    .replace(/batchSize: 64/g, 'batchSize: 4');

it('the guide to photographs of one’s own runs from labels to predictions', async () => {
  await runGuide(
    'train-on-your-photos.md',
    async (folder, said) => {
      const commands = ['prepare', 'validate', 'synthesize', 'pretrain', 'train', 'evaluate', 'predict', 'export'];
      expect(Object.keys(said)).toEqual(['make-photos.mjs', ...commands]);
      expect(said['validate']).toMatch(/train: 12 samples, .*no faults\ntest: 4 samples, .*no faults/);
      expect(said['train']).toContain('Run: runs/photos');
      for (const file of ['sheets/train.png', 'compared/report.html', 'hand.onnx', 'predicted/train-0.glb']) {
        expect([file, existsSync(join(folder, file))]).toEqual([file, true]);
      }
      const scores = await readFile(join(folder, 'compared/scores.txt'), 'utf8');
      expect(scores).toContain('pretrained');
      expect(scores).toContain('photos');
    },
    { smaller },
  );
}, 600_000);
