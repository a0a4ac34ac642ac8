import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeValue } from './test-support/describe-value.js';
import { isPlainArray } from './numpy/kinds.js';
import { readArrays } from './read-arrays.js';

const folder = fileURLToPath(new URL('../../../../shared/samples/', import.meta.url));
const samples = existsSync(folder) ? describe : describe.skip;
if (!existsSync(folder)) console.warn(`No samples at ${folder}: the tests on published files are skipped.`);

const sample = (path: string): Uint8Array => new Uint8Array(readFileSync(`${folder}${path}`));

samples('readArrays of published files', () => {
  it('reads the label pickle of 3dhand, a Python 2 pickle of numpy arrays', async () => {
    const { format, contents } = await readArrays(sample('boukhayma-3dhand/cropped/labels.pickle'));
    expect(format).toBe('pickle');
    const arrays = (contents as unknown[]).filter(isPlainArray);
    expect(arrays.map(({ shape }) => shape)).toEqual([[42], [42], [42]]);
    for (const { dtype, shape, data } of arrays) {
      expect([dtype, data.length]).toEqual(['float64', shape[0]]);
      expect([...(data as Float64Array)].every(Number.isFinite)).toBe(true);
    }
  });

  it("reads FreiHAND's camera matrices", async () => {
    const file = await readArrays(sample('freihand-eval-k/126_K.npy'));
    expect(file.format).toBe('npy');
    expect(describeValue(file.contents as never)).toMatchObject({ shape: [3, 3] });
  });

  it.each(['ge-realworld/params.mat', 'ge-realworld/pose_gt.mat', 'stb/STB_eval_bboxes.mat'])(
    'reads %s',
    async (path) => {
      const { format, contents } = await readArrays(sample(path));
      expect(format).toBe('mat');
      expect(Object.keys(contents as object).length).toBeGreaterThan(0);
    },
  );
});
