import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PAINTED_SIZE, paintedHand } from '../../test-support/painted-hand.js';
import { createPreparedDatasetWriter } from '../prepared/create-prepared-dataset-writer.js';
import type { addMasks as AddMasks } from './add-masks.js';

const BUILT = new URL('../../../dist/node/masks/add-masks.js', import.meta.url);

describe('the built addMasks', () => {
  it('gives the same bytes with any number of worker threads', async () => {
    if (!existsSync(fileURLToPath(BUILT))) throw new Error('build the package first: npm run compile');
    const { addMasks } = (await import(BUILT.href)) as { addMasks: typeof AddMasks };
    const folder = await mkdtemp(join(tmpdir(), 'mask-worker-'));
    try {
      const writer = await createPreparedDatasetWriter(join(folder, 'hands'), {
        imageSize: PAINTED_SIZE,
        keypointOrder: 'panoptic',
      });
      for (let i = 0; i < 20; i++) await writer.add('train', { ...paintedHand(`${i}`), mask: undefined });
      await writer.close();
      const texts: string[] = [];
      for (const workers of [0, 1, 3]) {
        const path = join(folder, String(workers));
        await cp(join(folder, 'hands'), path, { recursive: true });
        const { splits } = await addMasks(path, { workers, chunkSize: 2 });
        expect(splits['train']!.made).toBe(20);
        texts.push(await readFile(join(path, 'dataset.json'), 'utf8')); // holds the hash of train.json, and that of all masks
      }
      expect(texts[1]).toBe(texts[0]);
      expect(texts[2]).toBe(texts[0]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
