import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { streamHands as Stream } from './stream-hands.js';
import type { synthesizeDataset as Synthesize } from './synthesize-dataset.js';

const BUILT = new URL('../../dist/node/index.js', import.meta.url);

describe('the built synthesizeDataset', () => {
  it('gives the same bytes with any number of worker threads', async () => {
    if (!existsSync(fileURLToPath(BUILT))) throw new Error('build the package first: npm run compile');
    const { streamHands, synthesizeDataset } = (await import(BUILT.href)) as {
      streamHands: typeof Stream;
      synthesizeDataset: typeof Synthesize;
    };
    const folder = await mkdtemp(join(tmpdir(), 'hand-synthesis-'));
    try {
      const texts: string[] = [];
      for (const workers of [0, 1, 3]) {
        const out = join(folder, String(workers));
        await synthesizeDataset({
          out,
          seed: 5,
          train: 150,
          test: 40,
          size: 48,
          preset: 'realistic',
          chunkSize: 16,
          workers,
        });
        texts.push(await readFile(join(out, 'dataset.json'), 'utf8')); // holds the hashes of all images
      }
      expect(texts[1]).toBe(texts[0]);
      expect(texts[2]).toBe(texts[0]);
      const controller = new AbortController();
      const stopped = synthesizeDataset({
        ...{ out: join(folder, 'stopped'), seed: 5, train: 5000, test: 0, size: 48, workers: 2 },
        ...{ signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) },
      });
      await expect(stopped).rejects.toThrow('enough');
      expect(existsSync(join(folder, 'stopped'))).toBe(false);
      const hands = { seed: 5, count: 40, size: 48, preset: 'realistic', batch: 8 } as const;
      const made: unknown[][] = [];
      for (const workers of [0, 1, 3]) {
        const samples: unknown[] = [];
        for await (const { image, keypoints, id } of streamHands({ ...hands, workers }))
          samples.push({ image, keypoints, id });
        made.push(samples);
      }
      expect(made[1]).toEqual(made[0]);
      expect(made[2]).toEqual(made[0]);
      let count = 0;
      for await (const _hand of streamHands({ seed: 5, size: 48, workers: 2 })) if (++count === 70) break; // without end
      expect(count).toBe(70);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
