import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '../register-wasm-training-kernels.js';
import { growthOver50Runs, noise } from '../test-support/compare.js';
import { variableGradients } from './variable-gradients.js';

/** Layers with saved tensors of every kind: a residual branch, a variable used twice, statistics, a custom gradient that gives dy on. */
function deepNetwork() {
  const rng = createRng('deep');
  const variable = (shape: number[]) => tf.tidy(() => tf.variable(tf.mul(noise(rng, shape), 0.3)));
  const filters = Array.from({ length: 5 }, () => variable([3, 3, 4, 4]) as unknown as tf.Tensor4D);
  const [scale, offset] = [variable([4]), variable([4])];
  const x = noise(rng, [2, 8, 8, 4]) as tf.Tensor4D;
  const through = tf.customGrad((a) => ({ value: tf.clone(a as tf.Tensor), gradFunc: (dy: tf.Tensor) => dy }));
  const forked = tf.customGrad((a, b) => ({
    value: tf.add(a as tf.Tensor, b as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => [dy, dy],
  }));
  const loss = () => {
    let h = x;
    for (const filter of filters) {
      const { mean, variance } = tf.moments(h, [0, 1, 2]);
      const vectors = [mean, variance, offset, scale] as unknown as [
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor1D,
      ];
      const branch = tf.relu(tf.conv2d(tf.batchNorm<tf.Rank.R4>(h, ...vectors, 1e-2), filter, 1, 'same'));
      h = through(forked(h, branch)) as tf.Tensor4D;
    }
    return tf.mean<tf.Scalar>(tf.square(h));
  };
  return { loss, variables: [...filters, scale, offset] as unknown as tf.Variable[] };
}

describe.each(['cpu', 'wasm'])('variableGradients on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
    registerWasmTrainingKernels();
  });

  it('gives the bits of tf.variableGrads, with less memory on the way, and leaks nothing', async () => {
    const { loss, variables } = deepNetwork();
    let most = 0;
    const watched = (f: () => { value: tf.Tensor; grads: tf.NamedTensorMap }) => {
      most = 0;
      const add = tf.engine().state.numBytes;
      const { state } = tf.engine();
      let bytes = add;
      Object.defineProperty(state, 'numBytes', {
        configurable: true,
        enumerable: true,
        get: () => bytes,
        set: (value: number) => {
          bytes = value;
          most = Math.max(most, value - add);
        },
      });
      const result = f();
      Object.defineProperty(state, 'numBytes', { value: bytes, writable: true, configurable: true, enumerable: true });
      return { ...result, most };
    };
    const shipped = watched(() => tf.variableGrads(loss, variables));
    const lean = watched(() => variableGradients(loss, variables));
    expect(await lean.value.data()).toEqual(await shipped.value.data());
    expect(Object.keys(lean.grads)).toEqual(Object.keys(shipped.grads));
    for (const [name, gradient] of Object.entries(lean.grads)) {
      expect(await gradient.data()).toEqual(await shipped.grads[name]!.data());
    }
    expect(lean.most).toBeLessThan(0.9 * shipped.most);
    tf.dispose([lean.value, lean.grads, shipped.value, shipped.grads]);
    const step = () => {
      const { value, grads } = variableGradients(loss, variables);
      return [value, ...Object.values(grads)];
    };
    expect(growthOver50Runs(step)).toEqual({ tensors: 0, buffers: 0 });
  });

  it('leaves a gradient of a gradient what it needs', async () => {
    const variable = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3])));
    const cube = (x: tf.Tensor) => tf.sum<tf.Scalar>(tf.mul(x, tf.square(x)));
    const { grads } = variableGradients(() => tf.sum(tf.square(tf.grad(cube)(variable))), [variable]);
    // d/dx (3x²)² = 36x³
    expect(Array.from(await grads[variable.name]!.data())).toEqual([36, 288, 972]);
  });

  it('frees what was saved when the function throws', () => {
    const variable = tf.tidy(() => tf.variable(tf.ones([4])));
    const failing = () => {
      variableGradients(() => {
        tf.square(variable);
        throw new Error('no');
      }, [variable]);
    };
    expect(failing).toThrow('no');
    const before = tf.memory().numTensors;
    expect(failing).toThrow('no');
    expect(tf.memory().numTensors).toBe(before);
  });
});
