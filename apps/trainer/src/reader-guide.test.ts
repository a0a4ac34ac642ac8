import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runGuide } from './test-support/run-guide.js';

it('the guide to a new reader runs from its first program to its last command', async () => {
  await runGuide('add-a-dataset-reader.md', async (folder, said) => {
    expect(Object.keys(said)).toEqual(['make-hands.mjs', 'inspect-order', 'prepare', 'read-hands.mjs', 'validate']);
    expect(said['inspect-order']).toContain("order 'panoptic'");
    expect(said['prepare']).toContain('train: 12 of coco');
    expect(said['read-hands.mjs']!.trim().split('\n').at(-1)).toBe('12 {}');
    expect(said['validate']).toContain('12 samples');
    expect((await stat(join(folder, 'sheets/train.png'))).size).toBeGreaterThan(1000);
  });
}, 240_000);
