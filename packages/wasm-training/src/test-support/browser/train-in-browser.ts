import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import { createRng } from '@opposable/tensor-checks';
import { type Registration, registerWasmTrainingKernelsAsync } from '../../register-wasm-training-kernels.js';

/** What a short training gave, wherever it ran. */
export interface ShortTraining {
  registration: Registration;
  losses: number[];
  /** Tensors that a second training left behind. */
  leaked: number;
}

/** Trains a small convolutional network for some epochs of one batch, from seeds: `model.fit` after one call. */
export async function trainShortly(): Promise<ShortTraining> {
  await tf.setBackend('wasm');
  await tf.ready();
  const registration = await registerWasmTrainingKernelsAsync();
  const rng = createRng('browser');
  const noise = (shape: number[]) =>
    tf.tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => rng.normal()),
      shape,
    );
  const [x, y] = [noise([8, 16, 16, 3]), noise([8, 2])];
  const train = async (): Promise<number[]> => {
    const kernelInitializer = () => initializers.heNormal({ seed: 7 });
    const model = sequential();
    model.add(
      layers.conv2d({
        inputShape: [16, 16, 3],
        filters: 8,
        kernelSize: 3,
        padding: 'same',
        kernelInitializer: kernelInitializer(),
      }),
    );
    model.add(layers.batchNormalization());
    model.add(layers.reLU());
    model.add(layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }));
    model.add(layers.depthwiseConv2d({ kernelSize: 3, depthwiseInitializer: kernelInitializer(), activation: 'relu' }));
    model.add(layers.flatten());
    model.add(layers.dense({ units: 2, kernelInitializer: kernelInitializer() }));
    model.compile({ optimizer: tf.train.adam(1e-3), loss: 'meanSquaredError' });
    const history = await model.fit(x, y, { epochs: 12, batchSize: 8, shuffle: false, verbose: 0 });
    model.dispose();
    return history.history['loss'] as number[];
  };
  const losses = await train();
  const before = tf.memory().numTensors;
  await train();
  // Not nothing: the optimiser of tfjs keeps its moments when the model is gone.
  return { registration, losses, leaked: tf.memory().numTensors - before };
}
