import * as tf from '@tensorflow/tfjs-core';
import { fit } from '../fit/fit.js';
import { disposeOptimizerState } from '../optimizers/optimizer-state.js';
import { adam } from '../optimizers/adam.js';
import { createAllReduce, joinAllReduce } from './all-reduce.js';
import { gradientLength, meanGradients } from './reduce-gradients.js';

/** y = 3·x − 1 in batches of `size`, those of one replica: rows `rank`, `rank + members`, … of each batch. */
function* lines(size: number, rank: number, members: number) {
  for (let i = 0; ; i++) {
    const x = Array.from({ length: size }, (_, n) => Math.sin(i * size + n)).filter((_, n) => n % members === rank);
    yield { x: tf.tensor2d(x, [x.length, 1]), y: tf.tensor2d(x.map((v) => 3 * v - 1), [x.length, 1]) }; // prettier-ignore
  }
}

function model() {
  const variables = {
    slope: tf.tidy(() => tf.variable(tf.tensor2d([[0.1]]))),
    shift: tf.tidy(() => tf.variable(tf.tensor1d([0]))),
  };
  const computeLoss = ({ x, y }: { x: tf.Tensor2D; y: tf.Tensor2D }) => ({
    total: tf.mean<tf.Scalar>(tf.square(tf.sub(tf.add(tf.mul(x, variables.slope), variables.shift), y))),
  });
  return { variables, computeLoss };
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('meanGradients', () => {
  it('makes replicas on halves of a batch take the step of the whole batch', async () => {
    const run = async (members: number, rank: number, reduce?: Parameters<typeof fit>[0]['reduceGradients']) => {
      const { variables, computeLoss } = model();
      const { optimizerState } = await fit({
        variables,
        computeLoss,
        batches: lines(8, rank, members),
        iterations: 1,
        optimizer: adam(),
        learningRate: 0.1,
        ...(reduce ? { reduceGradients: reduce } : {}),
      });
      disposeOptimizerState(optimizerState);
      const values = [(await variables.slope.data())[0]!, (await variables.shift.data())[0]!];
      tf.dispose(variables);
      return values;
    };
    const whole = await run(1, 0);
    // the other replica's gradients, computed here and handed in as its own thread would
    const halves: Float32Array[] = [];
    for (const rank of [0, 1]) {
      await run(2, rank, async (gradients) => {
        halves.push(Float32Array.of((await gradients['shift']!.data())[0]!, (await gradients['slope']!.data())[0]!));
        return Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, tf.clone(g)]));
      });
    }
    const member = { rank: 0, members: 2, leave: () => undefined, someoneLeft: () => false, mean: (v: Float32Array) => v.forEach((_, i) => (v[i] = (halves[0]![i]! + halves[1]![i]!) / 2)) }; // prettier-ignore
    const replica = await run(2, 0, meanGradients(member));
    expect(replica[0]).toBeCloseTo(whole[0]!, 6);
    expect(replica[1]).toBeCloseTo(whole[1]!, 6);
  });

  it('leaves no tensor behind over 50 steps', async () => {
    const before = tf.memory().numTensors;
    const { variables, computeLoss } = model();
    const member = joinAllReduce(createAllReduce(gradientLength(variables), 1), 0);
    const { optimizerState } = await fit({
      variables,
      computeLoss,
      batches: lines(8, 0, 1),
      iterations: 50,
      optimizer: adam(),
      learningRate: 0.1,
      gradientClip: 1,
      reduceGradients: meanGradients(member),
    });
    disposeOptimizerState(optimizerState);
    tf.dispose(variables);
    expect(tf.memory().numTensors).toBe(before);
  });
});
