import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { registerWasmTrainingKernels } from './index.js';

it('the example of the README runs', async () => {
  await tf.setBackend('wasm');
  await tf.ready();
  registerWasmTrainingKernels();

  const model = layers.sequential();
  model.add(layers.layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, activation: 'relu' }));
  model.add(layers.layers.flatten());
  model.add(layers.layers.dense({ units: 1 }));
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  const history = await model.fit(tf.ones([4, 8, 8, 1]), tf.ones([4, 1]), { epochs: 20, verbose: 0 });
  expect(history.epoch.length).toBe(20);
  expect(history.history['loss']!.every((loss) => Number.isFinite(loss))).toBe(true);
});
