import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { fit } from '../fit/fit.js';
import type { FitOptions } from '../fit/types.js';
import { adam } from '../optimizers/adam.js';
import { disposeOptimizerState } from '../optimizers/optimizer-state.js';
import { sgd } from '../optimizers/sgd.js';
import { prepareBackend } from '../prepare-backend.js';
import { type AllReduceMember, createAllReduce, joinAllReduce } from './all-reduce.js';
import { exchangeLength, exchangeStep } from './exchange-step.js';
import { GroupEndedError } from './group-ended-error.js';

/** A member whose group is played by the test: `others` gets its numbers and gives back the means. */
function memberWith(length: number, others: (own: Float32Array) => Float32Array): AllReduceMember {
  const own = new Float32Array(length);
  const answer = (count: number): Float32Array => others(own.subarray(0, count));
  return {
    rank: 0,
    members: 2,
    own,
    mean: answer,
    meanInPlace(arrays) {
      let at = 0;
      for (const array of arrays) own.set(array, (at += array.length) - array.length);
      const means = answer(at);
      at = 0;
      for (const array of arrays) array.set(means.subarray(at, (at += array.length)));
    },
    broadcast: (count) => own.subarray(0, count),
    leave: () => undefined,
  };
}

/** y = 3·x − 1 in batches of `size`, of which `rank` of `members` takes every so manieth row. */
function* lines(size: number, rank: number, members: number) {
  for (let i = 0; ; i++) {
    const x = Array.from({ length: size }, (_, n) => Math.sin(i * size + n)).filter((_, n) => n % members === rank);
    yield { x: tf.tensor2d(x, [x.length, 1]), y: tf.tensor2d(x.map((v) => 3 * v - 1), [x.length, 1]) }; // prettier-ignore
  }
}

type Lines = { x: tf.Tensor2D; y: tf.Tensor2D };

function model() {
  const variables = {
    slope: tf.tidy(() => tf.variable(tf.tensor2d([[0.1]]))),
    shift: tf.tidy(() => tf.variable(tf.tensor1d([0]))),
  };
  const runningAverages = { seen: tf.tidy(() => tf.variable(tf.scalar(0))) };
  const computeLoss = ({ x, y }: Lines) => {
    tf.tidy(() => runningAverages.seen.assign(tf.mean<tf.Scalar>(x)));
    const error = tf.mean<tf.Scalar>(tf.square(tf.sub(tf.add(tf.mul(x, variables.slope), variables.shift), y)));
    return { total: error, terms: { error } };
  };
  return { variables, runningAverages, computeLoss };
}

async function stepOf(backend: string, rank: number, members: number, options: Partial<FitOptions<Lines>> = {}) {
  await prepareBackend(backend);
  const { variables, runningAverages, computeLoss } = model();
  const common = { variables, runningAverages, computeLoss, iterations: 1, optimizer: sgd(), learningRate: 0.1 };
  const { optimizerState, history } = await fit({ ...common, batches: lines(8, rank, members), ...options });
  disposeOptimizerState(optimizerState);
  const read = async (tensor: tf.Tensor): Promise<number> => (await tensor.data())[0]!;
  const [slope, shift, seen] = await Promise.all([variables.slope, variables.shift, runningAverages.seen].map(read));
  tf.dispose([variables, runningAverages]);
  return { slope: slope!, shift: shift!, seen: seen!, total: history.total[0]!, error: history.terms['error']?.[0] };
}

describe.each(['cpu', 'wasm'])('a group of replicas on %s', (backend) => {
  it('takes the step of the whole batch, with its loss, terms and running averages', async () => {
    const whole = await stepOf(backend, 0, 1);
    let other: Float32Array | undefined;
    await stepOf(backend, 1, 2, { group: memberWith(300, (own) => (other = own.slice())) });
    const group = memberWith(300, (own) => own.map((value, i) => (value + other![i]!) / 2));
    const half = await stepOf(backend, 0, 2, { group });
    for (const key of ['slope', 'shift', 'seen', 'total', 'error'] as const) {
      expect(half[key]).toBeCloseTo(whole[key]!, 6);
    }
    const alone = await stepOf(backend, 0, 2);
    expect(Math.abs(alone.slope - whole.slope)).toBeGreaterThan(1e-3);
  });

  it('leaves no tensor behind over 50 steps', async () => {
    await stepOf(backend, 0, 1);
    const before = tf.memory().numTensors;
    const group = memberWith(300, (own) => own.slice());
    await stepOf(backend, 0, 2, { iterations: 50, optimizer: adam(), gradientClip: 1, group });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a group of replicas', () => {
  it('gives the loop as much memory as it needs', async () => {
    await prepareBackend('cpu');
    const { variables, runningAverages, computeLoss } = model();
    const memory = createAllReduce(exchangeLength(variables, runningAverages), 1);
    const group = joinAllReduce(memory, 0);
    const common = { variables, runningAverages, computeLoss, iterations: 3, optimizer: sgd(), learningRate: 0.1 };
    const { reason, optimizerState } = await fit({ ...common, batches: lines(4, 0, 1), group });
    expect(reason).toBe('finished');
    disposeOptimizerState(optimizerState);
    tf.dispose([variables, runningAverages]);
  });

  it('ends together: when a member has no more batches, when one has failed, when one is told to stop', async () => {
    const endingWith = (failed: boolean) =>
      stepOf('cpu', 0, 2, {
        iterations: 3,
        logEvery: 1,
        group: memberWith(300, () => {
          throw new GroupEndedError(failed);
        }),
      });
    const before = tf.memory().numTensors;
    expect((await endingWith(false)).total).toBeUndefined();
    await expect(endingWith(true)).rejects.toThrow('a member of the group has failed');
    let steps = 0;
    const onStep = () => void steps++;
    // the first number is the vote to stop
    const votes = (own: Float32Array) => own.map((value, i) => (i === 0 ? 0.5 : value));
    await stepOf('cpu', 0, 2, { iterations: 3, group: memberWith(300, votes), onStep });
    expect(steps).toBe(1);
    expect(tf.memory().numTensors - before).toBe(3); // the variables of the run that failed, which its test did not reach
  });

  it.each(['cpu', 'wasm'])(
    'takes the mean of two gradients that share their memory once each, on %s',
    async (backend) => {
      await prepareBackend(backend);
      const before = tf.memory().numTensors;
      const first = tf.tensor1d([1, 2]);
      const kept = tf.clone(first);
      const given = { a: first, b: tf.reshape(first, [2, 1]), alone: tf.tensor1d([5]) };
      const step = { gradients: given, runningAverages: {}, scalars: [], stop: false };
      const group = memberWith(300, (own) => own.map((value) => value / 2));
      const { gradients } = await exchangeStep(group, step);
      const values = await Promise.all(['a', 'b', 'alone'].map(async (name) => [...(await gradients[name]!.data())]));
      expect(values).toEqual([[0.5, 1], [0.5, 1], [2.5]]);
      expect(gradients['alone']).toBe(given.alone);
      expect([...(await kept.data())]).toEqual([1, 2]);
      tf.dispose([gradients, kept]);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('refuses more terms than it has room for', async () => {
    await tf.setBackend('cpu');
    const scalars = Array.from({ length: 64 }, () => tf.scalar(1));
    const step = { gradients: {}, runningAverages: {}, scalars, stop: false };
    const member = joinAllReduce(createAllReduce(300, 1), 0);
    await expect(exchangeStep(member, step)).rejects.toThrow('fit: expected at most 62 terms of the loss, got 63.');
  });
});
