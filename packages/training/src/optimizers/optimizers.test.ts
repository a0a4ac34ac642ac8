import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { adam, type AdamOptions } from './adam.js';
import { clipGradients } from './clip-gradients.js';
import { disposeOptimizerState } from './optimizer-state.js';
import { sgd, type SgdOptions } from './sgd.js';
import type { Optimizer } from './types.js';

const start = [0.5, -1.5, 2, 0];

/** A fixed sequence of gradients, with a zero and a large one among them. */
function gradientsFor(steps: number): number[][] {
  const rng = createRng('gradients');
  return Array.from({ length: steps }, (_, i) => [
    rng.normal(),
    10 * rng.normal(),
    i % 3 === 0 ? 0 : 1e-3 * rng.normal(),
    0,
  ]);
}

/** Runs an optimiser on one vector; the learning rate changes on the way. */
async function run(optimizer: Optimizer, gradients: number[][]): Promise<Float32Array> {
  let value: tf.Tensor = tf.tensor1d(start);
  let state = optimizer.init({ p: value });
  for (const [i, gradient] of gradients.entries()) {
    const g = tf.tensor1d(gradient);
    const next = optimizer.update({ variables: { p: value }, gradients: { p: g }, state, learningRate: 0.1 / (1 + i) });
    disposeOptimizerState(state);
    tf.dispose([value, g]);
    value = next.values['p']!;
    state = next.state;
  }
  const result = (await value.data()) as Float32Array;
  expect(state.step).toBe(gradients.length);
  disposeOptimizerState(state);
  value.dispose();
  return result;
}

/** Adam in double precision, written from the papers' formulas. */
function adamLoop(gradients: number[][], options: Required<AdamOptions>): number[] {
  const { beta1, beta2, epsilon, weightDecay, decoupled } = options;
  return start.map((p0, k) => {
    let [p, m, v] = [p0, 0, 0];
    gradients.forEach((gradient, i) => {
      const rate = 0.1 / (1 + i);
      let g = gradient[k]!;
      if (decoupled) p -= rate * weightDecay * p;
      else g += weightDecay * p;
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      p -= (rate * (m / (1 - beta1 ** (i + 1)))) / (Math.sqrt(v / (1 - beta2 ** (i + 1))) + epsilon);
    });
    return p;
  });
}

function sgdLoop(gradients: number[][], { momentum = 0, weightDecay = 0 }: SgdOptions): number[] {
  return start.map((p0, k) => {
    let [p, u] = [p0, 0];
    gradients.forEach((gradient, i) => {
      u = momentum * u + gradient[k]! + weightDecay * p;
      p -= (0.1 / (1 + i)) * u;
    });
    return p;
  });
}

function expectClose(actual: ArrayLike<number>, expected: number[]): void {
  expected.forEach((value, i) =>
    expect(Math.abs(actual[i]! - value)).toBeLessThan(2e-6 * Math.max(1, Math.abs(value))),
  );
}

describe.each([
  ['cpu', ''],
  ['wasm', ''],
  ['wasm', ' with fused kernels'],
])('optimisers on %s%s', (backend, kernels) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
    if (kernels) registerWasmTrainingKernels();
    expect(tf.getKernel('OpposableAdam', backend) !== undefined).toBe(kernels !== '');
  });

  it.each([
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, decoupled: false },
    { beta1: 0.5, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, decoupled: false },
    { beta1: 0.9, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.1, decoupled: true },
    { beta1: 0, beta2: 0.9, epsilon: 1e-6, weightDecay: 0, decoupled: true },
  ])('adam equals a double-precision loop: %j', async (options) => {
    const gradients = gradientsFor(30);
    expectClose(await run(adam(options), gradients), adamLoop(gradients, options));
  });

  it.each([{}, { momentum: 0.9 }, { weightDecay: 0.1 }, { momentum: 0.5, weightDecay: 0.01 }])(
    'sgd equals a double-precision loop: %j',
    async (options) => {
      const gradients = gradientsFor(30);
      expectClose(await run(sgd(options), gradients), sgdLoop(gradients, options));
    },
  );

  it.each([adam(), adam({ weightDecay: 0.1, decoupled: true }), sgd(), sgd({ momentum: 0.9, weightDecay: 0.01 })])(
    '%# in place gives the same bits, makes no tensor, and leaves alone what shares its memory',
    async (optimizer) => {
      const gradients = gradientsFor(5).map((numbers) => ({ p: tf.tensor1d(numbers) }));
      const expected = await run(optimizer, gradientsFor(5));
      const initial = tf.tensor1d(start);
      const variables = { p: tf.variable(initial) };
      let state = optimizer.init(variables);
      const update = (i: number) => ({
        variables,
        gradients: gradients[i]!,
        state,
        learningRate: 0.1 / (1 + i),
      });
      expect(optimizer.updateInPlace!(update(0))).toBeUndefined(); // the initial value is still somebody's
      expect(Array.from(await initial.data())).toEqual(start);
      initial.dispose();
      const before = tf.memory().numTensors;
      for (const i of gradients.keys()) {
        const next = optimizer.updateInPlace!(update(i));
        expect(next !== undefined).toBe(kernels !== '');
        if (next === undefined) break;
        state = next;
      }
      if (kernels) {
        expect(tf.memory().numTensors).toBe(before);
        expect(state.step).toBe(5);
        expect(await variables.p.data()).toEqual(expected);
      }
      disposeOptimizerState(state);
      tf.dispose([gradients, variables]);
    },
  );

  it('adam equals tf.train.adam', async () => {
    const gradients = gradientsFor(20);
    const optimizer = tf.train.adam(0.02, 0.8, 0.99, 1e-6);
    const variable = tf.tidy(() => tf.variable(tf.tensor1d(start), true, `ours-${backend}${kernels}`));
    const ours = adam({ beta1: 0.8, beta2: 0.99, epsilon: 1e-6 });
    let value: tf.Tensor = tf.tensor1d(start);
    let state = ours.init({ p: value });
    for (const gradient of gradients) {
      const g = tf.tensor1d(gradient);
      optimizer.applyGradients([{ name: variable.name, tensor: g }]);
      const next = ours.update({ variables: { p: value }, gradients: { p: g }, state, learningRate: 0.02 });
      disposeOptimizerState(state);
      tf.dispose([value, g]);
      value = next.values['p']!;
      state = next.state;
    }
    expectClose(await value.data(), Array.from(await variable.data()));
    disposeOptimizerState(state);
    tf.dispose([value, variable]);
    optimizer.dispose();
  });

  it('keeps variables without a gradient, and their slots', async () => {
    const optimizer = adam();
    const variables = { a: tf.tensor1d([1]), b: tf.tensor1d([2]) };
    const state = optimizer.init(variables);
    const gradient = tf.tensor1d([1]);
    const before = tf.memory().numTensors;
    const next = optimizer.update({ variables, gradients: { b: gradient }, state, learningRate: 0.1 });
    expect(Object.keys(next.values)).toEqual(['b']);
    expect(Array.from(await next.state.slots['firstMoment']!['a']!.data())).toEqual([0]);
    expect((await next.values['b']!.data())[0]).toBeCloseTo(1.9, 5);
    expect(tf.memory().numTensors - before).toBe(5); // one value, four slots
    tf.dispose([variables, gradient, next.values]);
    disposeOptimizerState(state);
    disposeOptimizerState(next.state);
  });

  it('clips all gradients by their common norm', async () => {
    const gradients = { a: tf.tensor1d([3, 0]), b: tf.tensor2d([[4]]) };
    const clipped = clipGradients(gradients, 1);
    expect((await clipped.norm.data())[0]).toBeCloseTo(5, 5);
    expectClose(await clipped.gradients['a']!.data(), [0.6, 0]);
    expectClose(await clipped.gradients['b']!.data(), [0.8]);
    const loose = clipGradients(gradients, 10);
    expectClose(await loose.gradients['b']!.data(), [4]);
    tf.dispose([gradients, clipped, loose]);
  });
});

describe('fused updates on wasm', () => {
  const sizes = [[1], [3], [4], [2, 9], [0], [5, 5, 3, 2], []];
  const rules: Optimizer[] = [
    adam(),
    adam({ weightDecay: 0.1 }),
    adam({ weightDecay: 0.1, decoupled: true }),
    sgd(),
    sgd({ momentum: 0.9, weightDecay: 0.01 }),
  ];

  /** Three steps of variables of many sizes from the same numbers. */
  async function threeSteps(optimizer: Optimizer): Promise<number[]> {
    const rng = createRng('blocks');
    const noise = (shape: number[]) =>
      tf.tensor(
        Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => rng.normal()),
        shape,
      );
    let values: Record<string, tf.Tensor> = Object.fromEntries(sizes.map((shape, i) => [`v${i}`, noise(shape)]));
    let state = optimizer.init(values);
    for (let k = 0; k < 3; k++) {
      const gradients = Object.fromEntries(sizes.map((shape, i) => [`v${i}`, noise(shape)]));
      const next = optimizer.update({ variables: values, gradients, state, learningRate: 0.1 });
      disposeOptimizerState(state);
      tf.dispose([values, gradients]);
      values = next.values;
      state = next.state;
    }
    const slots = Object.values(state.slots).flatMap((slot) => Object.values(slot));
    const all = await Promise.all([...Object.values(values), ...slots].map((tensor) => tensor.data()));
    disposeOptimizerState(state);
    tf.dispose(values);
    return all.flatMap((numbers) => Array.from(numbers));
  }

  it.each(rules)('equal the rule written with operations on cpu, and repeat bit for bit: rule %#', async (rule) => {
    await tf.setBackend('cpu');
    const composed = await threeSteps(rule);
    await tf.setBackend('wasm');
    expect(tf.getKernel('OpposableSgd', 'wasm')).toBeDefined();
    const before = tf.memory().numTensors;
    const fused = await threeSteps(rule);
    expect(tf.memory().numTensors).toBe(before);
    expectClose(fused, composed);
    expect(await threeSteps(rule)).toEqual(fused);
  });
});

describe('optimiser options', () => {
  it('are checked', () => {
    expect(() => adam({ beta1: 1 })).toThrow('adam: expected beta1 in [0, 1), got 1.');
    expect(() => adam({ epsilon: 0 })).toThrow('adam: expected epsilon above 0, got 0.');
    expect(() => adam({ weightDecay: -1 })).toThrow('adam: expected weightDecay at least 0, got -1.');
    expect(() => sgd({ momentum: NaN })).toThrow('sgd: expected momentum in [0, 1), got NaN.');
    expect(() => sgd({ weightDecay: -1 })).toThrow('sgd: expected weightDecay at least 0, got -1.');
  });
});
