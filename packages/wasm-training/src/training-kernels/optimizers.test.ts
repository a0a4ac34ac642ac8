import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '../register-wasm-training-kernels.js';
import { growthOver50Runs, noise, relativeError, underGuards } from '../test-support/compare.js';

const sizes = [[1], [2, 3], [4], [37], [0], [3, 3, 5, 7]];

/** One kernel on blocks of all sizes, its inputs by role; results as numbers. */
async function onBlocks(
  name: string,
  roles: string[],
  attrs: tf.NamedAttrMap,
): Promise<{ x: number[][]; y: number[][] }> {
  return underGuards(async () => {
    const rng = createRng(name);
    const inputs: tf.NamedTensorMap = {};
    const x: number[][] = [];
    for (const [i, shape] of sizes.entries()) {
      for (const role of roles) {
        const tensor = role === 'secondMoment' ? tf.abs(noise(rng, shape)) : noise(rng, shape);
        inputs[`${role}${i}`] = tensor;
        x.push(Array.from(await tensor.data()));
      }
    }
    const outputs = tf.engine().runKernel(name, inputs, attrs) as unknown as tf.Tensor[];
    const y = await Promise.all(outputs.map(async (tensor) => Array.from(await tensor.data())));
    tf.dispose([inputs, outputs]);
    return { x, y };
  });
}

describe('optimiser kernels', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  it('OpposableAdam writes new values and moments of every block, and nothing else', async () => {
    const attrs = { rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-3, l2: 0.01, keep: 0.98 };
    const { x, y } = await onBlocks('OpposableAdam', ['value', 'gradient', 'firstMoment', 'secondMoment'], attrs);
    for (const [i] of sizes.entries()) {
      const [p, g, m, v] = x.slice(4 * i, 4 * i + 4) as [number[], number[], number[], number[]];
      const gradient = g.map((value, k) => value + attrs.l2 * p[k]!);
      const first = m.map((value, k) => attrs.beta1 * value + 0.1 * gradient[k]!);
      const second = v.map((value, k) => attrs.beta2 * value + 0.01 * gradient[k]! ** 2);
      const next = p.map((value, k) => attrs.keep * value - (attrs.rate * first[k]!) / (Math.sqrt(second[k]!) + 1e-3));
      [next, first, second].forEach((expected, k) => {
        expect(relativeError(y[3 * i + k]!, expected)).toBeLessThan(1e-5);
      });
    }
  });

  it('OpposableSgd steps with and without momentum', async () => {
    for (const momentum of [0, 0.8]) {
      const roles = ['value', 'gradient', ...(momentum ? ['velocity'] : [])];
      const attrs = { rate: 0.1, momentum, l2: 0.01, keep: 0.98 };
      const { x, y } = await onBlocks('OpposableSgd', roles, attrs);
      for (const [i] of sizes.entries()) {
        const [p, g, u] = x.slice(roles.length * i, roles.length * (i + 1)) as [number[], number[], number[]?];
        const velocity = p.map((value, k) => momentum * (u?.[k] ?? 0) + g[k]! + 0.01 * value);
        const next = p.map((value, k) => 0.98 * value - 0.1 * velocity[k]!);
        const results = momentum ? [next, velocity] : [next];
        results.forEach((expected, k) => {
          expect(relativeError(y[results.length * i + k]!, expected)).toBeLessThan(1e-5);
        });
      }
    }
  });

  it('OpposableClipByGlobalNorm scales all blocks by one factor and gives the norm', async () => {
    for (const maxNorm of [0.5, 1e6]) {
      const { x, y } = await onBlocks('OpposableClipByGlobalNorm', ['value'], { maxNorm });
      const norm = Math.sqrt(x.flat().reduce((sum, value) => sum + value * value, 0));
      expect(relativeError(y.at(-1)!, [norm])).toBeLessThan(1e-6);
      const factor = Math.min(1, maxNorm / norm);
      x.forEach((block, i) => {
        expect(relativeError(y[i]!, block.map((value) => factor * value))).toBeLessThan(1e-5); // prettier-ignore
      });
    }
  });

  it.each([
    ['OpposableAdam', ['value', 'gradient', 'firstMoment', 'secondMoment'], ['value', 'firstMoment', 'secondMoment']],
    ['OpposableSgd', ['value', 'gradient', 'velocity'], ['value', 'velocity']],
    ['OpposableClipByGlobalNorm', ['value'], ['value']],
  ])('%s in place writes the same bits where the inputs lie, and makes no tensor', async (name, roles, written) => {
    const attrs = {
      rate: 0.1,
      beta1: 0.9,
      beta2: 0.99,
      epsilon: 1e-3,
      l2: 0.01,
      keep: 0.98,
      momentum: 0.8,
      maxNorm: 2,
    };
    await underGuards(async () => {
      const rng = createRng(name);
      const inputs: tf.NamedTensorMap = {};
      for (const [i, shape] of sizes.entries())
        for (const role of roles) inputs[`${role}${i}`] = tf.abs(noise(rng, shape));
      const outputs = tf.engine().runKernel(name, inputs, attrs) as unknown as tf.Tensor[];
      const before = tf.memory().numTensors;
      const rest = tf.engine().runKernel(name, inputs, { ...attrs, inPlace: true }) as unknown as tf.Tensor[];
      expect(tf.memory().numTensors - before).toBe(name === 'OpposableClipByGlobalNorm' ? 1 : 0);
      for (const [i] of sizes.entries()) {
        for (const [k, role] of written.entries()) {
          const expected = await outputs[i * written.length + k]!.data();
          expect(Array.from(await inputs[`${role}${i}`]!.data())).toEqual(Array.from(expected));
        }
      }
      tf.dispose([inputs, outputs, rest]);
    });
  });

  it('leaks nothing', async () => {
    await tf.setBackend('wasm');
    const inputs = { value0: tf.ones([9]), gradient0: tf.ones([9]), velocity0: tf.ones([9]) };
    const step = () =>
      tf
        .engine()
        .runKernel('OpposableSgd', inputs, { rate: 1, momentum: 0.5, l2: 0, keep: 1 }) as unknown as tf.Tensor[];
    expect(growthOver50Runs(step)).toEqual({ tensors: 0, buffers: 0 });
  });
});
