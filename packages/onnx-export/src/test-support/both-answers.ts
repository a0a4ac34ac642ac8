import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createHandRegressor, type EncoderName } from '@opposable/hand-regressor';
import { createRng } from '@opposable/tensor-checks';
import { layersModelToOnnx } from '../layers-model-to-onnx.js';
import { randomImages, randomizeWeights } from './random-network.js';
import { runOnnx } from './run-onnx.js';

/** A regressor with random weights everywhere. */
export function regressor(encoder: EncoderName, options: object = {}): LayersModel {
  const network = createHandRegressor({ encoder, inputSize: 64, ...options });
  randomizeWeights(network, createRng('weights'));
  return network;
}

/** The network's own answer beside that of its file in ONNX Runtime. */
export async function bothAnswers(network: LayersModel, foldBatchNormalization: boolean, batch: number) {
  const rng = createRng(`images ${network.name}`);
  const shape = [batch, ...(network.inputs[0]!.shape.slice(1) as number[])];
  const data = randomImages(rng, shape);
  const file = await layersModelToOnnx(network, { foldBatchNormalization });
  const [output] = file.outputs;
  const found = (await runOnnx(file.bytes, { [file.inputs[0]!.name]: { data, shape } }))[output!.name]!;
  const tensor = tf.tidy(() => network.predict(tf.tensor(data, shape)) as tf.Tensor);
  const expected = await tensor.data();
  const shapes = [found.shape, tensor.shape];
  tensor.dispose();
  return { found: found.data, expected, shapes, file };
}
