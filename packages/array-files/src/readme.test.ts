import { readNpz, writeNpz, writeSafetensors } from './index.js';

it('the example of the README prints what it says', async () => {
  const array = { shape: [2, 3], data: new Float32Array([1, 2, 3, 4, 5, 6]) };
  const { pose } = await readNpz(writeNpz({ pose: array }, { compression: 'deflate' }));
  expect([pose?.dtype, pose?.shape, pose?.data[3]]).toEqual(['float32', [2, 3], 4]);
  expect(writeSafetensors({ pose: pose! }, { made: 'by hand' }).length).toBe(128);
});
