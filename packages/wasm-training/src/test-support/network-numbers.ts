import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Rng } from '@opposable/tensor-checks';
import { variableGradients } from '../ops/variable-gradients.js';
import { growthOver50Runs, noise, relativeError } from './compare.js';

const trainable = (network: LayersModel): tf.Variable[] =>
  network.trainableWeights.map((weight) => weight.read() as tf.Variable);

/** Loss of a training step, prediction, gradients, and all weights after it, running averages among them. */
async function numbersOf(
  network: LayersModel,
  { weights, x, target }: { weights: tf.Tensor[]; x: tf.Tensor; target: tf.Tensor },
): Promise<ArrayLike<number>[]> {
  network.setWeights(weights);
  const variables = trainable(network);
  const loss = () => tf.mean<tf.Scalar>(tf.square(tf.sub(network.apply(x, { training: true }) as tf.Tensor, target)));
  const { value, grads } = variableGradients(loss, variables);
  const inferred = network.apply(x) as tf.Tensor;
  const all = [value, inferred, ...variables.map(({ name }) => grads[name]!), ...network.getWeights()];
  return Promise.all(all.map((tensor) => tensor.data()));
}

/** Expects of two networks with the same random weights the same {@link numbersOf}, to 1e-4. */
export async function expectSameTraining(plain: LayersModel, changed: LayersModel, rng: Rng): Promise<void> {
  const shapeOf = (shape: readonly (number | null)[]): number[] => [4, ...shape.slice(1).map(Number)];
  const [x, target] = [plain.inputs[0]!, plain.outputs[0]!].map(({ shape }) => noise(rng, shapeOf(shape)));
  const weights = plain.getWeights().map((weight) => tf.add(weight, tf.mul(tf.abs(noise(rng, weight.shape)), 0.1)));
  const of = { weights, x: x!, target: target! };
  const expected = await numbersOf(plain, of);
  const actual = await numbersOf(changed, of);
  expect(actual).toHaveLength(expected.length);
  expect(actual.length).toBeGreaterThan(15);
  actual.forEach((numbers, i) => expect(relativeError(numbers, expected[i]!)).toBeLessThan(1e-4));
}

/** Growth over 50 training steps: all tensors that a step gives are freed. */
export function growthInTraining(network: LayersModel, x: tf.Tensor): ReturnType<typeof growthOver50Runs> {
  const variables = trainable(network);
  const loss = () => tf.sum<tf.Scalar>(network.apply(x, { training: true }) as tf.Tensor);
  return growthOver50Runs(() => {
    const { value, grads } = variableGradients(loss, variables);
    return [value, ...Object.values(grads)];
  });
}
