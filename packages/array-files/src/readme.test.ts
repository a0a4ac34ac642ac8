import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  denseFromSparse,
  type PlainArray,
  readNpz,
  readPickle,
  type SparseMatrix,
  writeNpy,
  writeNpz,
  writeSafetensors,
} from './index.js';
import { toNdarray } from './ndarray/index.js';
import { readArrays } from './node/index.js';
import { writeModelPickle } from './testing/index.js';

it('the example of the README prints what it says', async () => {
  const array = { shape: [2, 3], data: new Float32Array([1, 2, 3, 4, 5, 6]) };
  const { pose } = await readNpz(writeNpz({ pose: array }, { compression: 'deflate' }));
  expect([pose?.dtype, pose?.shape, pose?.data[3]]).toEqual(['float32', [2, 3], 4]);
  expect(writeSafetensors({ pose: pose! }, { made: 'by hand' }).length).toBe(128);
});

it('the model file of the README reads as it says', async () => {
  const bytes = writeModelPickle({
    shapedirs: { shape: [778, 3, 10], data: new Float64Array(778 * 30) },
    J_regressor: { shape: [16, 778], data: new Float64Array(16 * 778) },
  });
  const model = (await readPickle(bytes)) as { shapedirs: PlainArray; J_regressor: SparseMatrix };
  expect([model.shapedirs.dtype, model.shapedirs.shape]).toEqual(['float64', [778, 3, 10]]);
  expect(denseFromSparse(model.J_regressor).shape).toEqual([16, 778]);
});

it('the subpaths of the README work as they say', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'readme-'));
  const path = join(folder, 'poses.npy');
  await writeFile(path, writeNpy({ shape: [2, 3], data: new Float32Array([1, 2, 3, 4, 5, 6]) }));
  const { format, contents } = await readArrays(path);
  expect(format).toBe('npy');
  expect(
    toNdarray(contents as PlainArray)
      .pick(0, null)
      .get(2),
  ).toBe(3);
  await rm(folder, { recursive: true });
});
