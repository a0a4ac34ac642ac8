import * as tf from '@tensorflow/tfjs-core';
import { runReadmeExample } from '@opposable/test-support';
import * as host from './host/index.js';
import * as geometry from './index.js';

it('the example of the README runs and prints what it says', async () => {
  await tf.setBackend('cpu');
  const { logged, promised } = await runReadmeExample(new URL('../README.md', import.meta.url), {
    '@tensorflow/tfjs-core': tf,
    '@opposable/geometry': geometry,
    '@opposable/geometry/host': host,
  });
  expect(promised.length).toBeGreaterThan(0);
  expect(logged).toEqual(promised);
});
