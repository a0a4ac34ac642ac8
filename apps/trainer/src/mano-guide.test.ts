import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runGuide } from './test-support/run-guide.js';

const MAKER = join(dirname(fileURLToPath(import.meta.url)), '../../../tools/install-check/mano-sized-pickle.mjs');

it('the guide to a MANO file runs, on a made-up hand of its size', async () => {
  const { manoSizedPickle } = (await import(pathToFileURL(MAKER).href)) as { manoSizedPickle: () => Uint8Array };
  await runGuide(
    'use-your-mano-file.md',
    async (folder, said) => {
      expect(Object.keys(said)).toEqual([
        'inspect',
        'convert',
        'export',
        'fit-keypoints.mjs',
        'convert-pose.mjs',
        'pretrain',
        'synthesize',
        'predict',
      ]);
      expect(said['inspect']).toMatch(/v_template.*778/);
      const glb = await readFile(join(folder, 'hand.glb'));
      expect(glb.subarray(0, 4).toString()).toBe('glTF');
      const obj = await readFile(join(folder, 'hand.obj'), 'utf8');
      expect(obj.split('\n').filter((line) => line.startsWith('v '))).toHaveLength(778);
      expect((await stat(join(folder, 'MANO_RIGHT.safetensors'))).size).toBeGreaterThan(1e5);
      const [before, after] = said['fit-keypoints.mjs']!.trim().split('\n').at(-1)!.split(' ').map(Number);
      expect(before).toBeGreaterThan(2);
      expect(after).toBeLessThan(0.1 * before!);
      expect(said['convert-pose.mjs']!.trim()).toBe('0 0 true');
      const predicted = await readFile(join(folder, 'predicted/00000000.obj'), 'utf8');
      expect(predicted.split('\n').filter((line) => line.startsWith('v '))).toHaveLength(778);
    },
    {
      before: async (folder) => writeFile(join(folder, 'MANO_RIGHT.pkl'), manoSizedPickle()),
      smaller: (code) => code.replace('count: 2000', 'count: 32').replace('iterations: 400', 'iterations: 4'),
    },
  );
}, 120_000);
