import * as tf from '@tensorflow/tfjs-core';
import { input, layers, type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';

/** A network that sees nothing: whatever the image, its output is its bias. Its kernel starts at zero. */
export function constantModel(values: ArrayLike<number>, inputSize: number): LayersModel {
  const image = input({ shape: [inputSize, inputSize, 3], name: 'image' });
  const pooled = layers.globalAveragePooling2d({ name: 'pool' }).apply(image);
  const output = layers
    .dense({ name: 'constant', units: values.length, kernelInitializer: 'zeros', biasInitializer: 'zeros' })
    .apply(pooled);
  const made = model({ inputs: image, outputs: output as SymbolicTensor, name: 'constant' });
  const weights = [tf.zeros([3, values.length]), tf.tensor1d(Float32Array.from(values))];
  made.setWeights(weights);
  tf.dispose(weights);
  return made;
}
