import * as tf from '@tensorflow/tfjs-core';
import { runReadmeExample } from '@opposable/test-support';
import * as losses from './index.js';

it('the example of the README runs and prints what it says', async () => {
  await tf.setBackend('cpu');
  const { logged, promised } = await runReadmeExample(new URL('../README.md', import.meta.url), {
    '@tensorflow/tfjs-core': tf,
    '@opposable/losses': losses,
  });
  expect(promised.length).toBeGreaterThan(0);
  expect(logged).toEqual(promised);
});
