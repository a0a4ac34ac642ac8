import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import * as host from './host/index.js';
import { perspectiveToWeak, projectPerspective, projectWeakPerspective, weakToPerspective } from './index.js';
import { centralDifferences, worstError } from './test-support/gradients.js';

const rng = createRng('cameras');
const normals = (count: number, mean = 0, deviation = 1) =>
  Array.from({ length: count }, () => rng.normal(mean, deviation));
const intrinsics = [600, 3, 120, 0, 640, 130, 0, 0, 1, 500, 0, 64, 0, 500, 64, 0, 0, 1];
const points = Array.from({ length: 2 * 5 }, () => [...normals(2, 0, 0.1), rng.uniform(0.5, 2)]).flat();
const scale = [545, 300];
const translation = [128, 120, 30, 60];
const forms = ['translate-after-scale', 'translate-before-scale'] as const;

/** Gradients of Σ w∘f for every input, by tape and by central differences of the host function on the joined inputs. */
async function compareGradients(
  onTensors: (...inputs: tf.Tensor[]) => tf.Tensor,
  onHost: (joined: Float64Array) => ArrayLike<number>,
  inputs: tf.Tensor[],
): Promise<number> {
  const joined = Float64Array.from((await Promise.all(inputs.map((x) => x.data()))).flatMap((x) => [...x]));
  const weights = normals(onHost(joined).length);
  const gradients = tf.grads((...x: tf.Tensor[]) => {
    const y = onTensors(...x);
    return tf.sum(tf.mul(y, tf.reshape(tf.tensor1d(weights), y.shape)));
  })(inputs);
  const actual = (await Promise.all(gradients.map((x) => x.data()))).flatMap((x) => [...x]);
  return worstError(actual, centralDifferences(onHost, joined, weights));
}

describe.each(['cpu', 'wasm'])('cameras on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
  });

  it.each(forms)('projectWeakPerspective equals the host and central differences (%s)', async (form) => {
    const onTensors = (p: tf.Tensor, s: tf.Tensor, t: tf.Tensor) => projectWeakPerspective(p, s, t, { form });
    const onHost = (x: Float64Array) =>
      [0, 1].flatMap((b) => [
        ...host.projectWeakPerspective(x.subarray(b * 15, b * 15 + 15), x[30 + b]!, x.subarray(32 + b * 2), { form }),
      ]);
    const inputs = [tf.tensor(points, [2, 5, 3]), tf.tensor1d(scale), tf.tensor2d(translation, [2, 2])] as const;
    const projected = onTensors(...inputs);
    expect(projected.shape).toEqual([2, 5, 2]);
    const expected = onHost(Float64Array.from([...points, ...scale, ...translation]));
    expect(worstError(await projected.data(), expected)).toBeLessThan(1e-6);
    expect(await compareGradients(onTensors, onHost, [...inputs])).toBeLessThan(1e-5);
    const column = onTensors(inputs[0], tf.reshape(inputs[1], [2, 1]), inputs[2]);
    expect(worstError(await column.data(), expected)).toBeLessThan(1e-6);
  });

  it('projectPerspective equals the host and central differences', async () => {
    const onHost = (x: Float64Array) =>
      [0, 1].flatMap((b) => [
        ...host.projectPerspective(x.subarray(b * 15, b * 15 + 15), x.subarray(30 + b * 9, 39 + b * 9)),
      ]);
    const inputs = [tf.tensor(points, [2, 5, 3]), tf.tensor(intrinsics, [2, 3, 3])] as const;
    const projected = projectPerspective(...inputs);
    expect(projected.shape).toEqual([2, 5, 2]);
    const expected = onHost(Float64Array.from([...points, ...intrinsics]));
    expect(worstError(await projected.data(), expected)).toBeLessThan(1e-6);
    expect(await compareGradients((p, k) => projectPerspective(p, k), onHost, [...inputs])).toBeLessThan(1e-5);
  });

  it('weakToPerspective equals the host and central differences', async () => {
    const onHost = (x: Float64Array) =>
      [0, 1].flatMap((b) => [
        ...host.weakToPerspective(x[b]!, x.subarray(2 + b * 2, 4 + b * 2), x.subarray(6 + b * 9, 15 + b * 9)),
      ]);
    const inputs = [tf.tensor1d(scale), tf.tensor2d(translation, [2, 2]), tf.tensor(intrinsics, [2, 3, 3])] as const;
    const expected = onHost(Float64Array.from([...scale, ...translation, ...intrinsics]));
    expect(worstError(await weakToPerspective(...inputs).data(), expected)).toBeLessThan(1e-6);
    expect(await compareGradients((s, t, k) => weakToPerspective(s, t, k), onHost, [...inputs])).toBeLessThan(1e-5);
  });

  it('perspectiveToWeak inverts it, with the gradients of central differences', async () => {
    const k = tf.tensor(intrinsics, [2, 3, 3]);
    const position = weakToPerspective(tf.tensor1d(scale), tf.tensor2d(translation, [2, 2]), k);
    const back = perspectiveToWeak(position, k);
    expect(back.scale.shape).toEqual([2]);
    expect(worstError(await back.scale.data(), scale)).toBeLessThan(1e-6);
    expect(worstError(await back.translation.data(), translation)).toBeLessThan(1e-6);
    const joinedWeak = (p: tf.Tensor, m: tf.Tensor) => {
      const weak = perspectiveToWeak(p, m);
      return tf.concat([weak.scale, tf.reshape(weak.translation, [4])]);
    };
    const onHost = (x: Float64Array) => {
      const weak = [0, 1].map((b) => host.perspectiveToWeak(x.subarray(b * 3), x.subarray(6 + b * 9, 15 + b * 9)));
      return [...weak.map((camera) => camera.scale), ...weak.flatMap((camera) => [...camera.translation])];
    };
    expect(await compareGradients((p, m) => joinedWeak(p, m), onHost, [position, k])).toBeLessThan(1e-5);
  });

  it('leaks nothing in 50 gradient steps', () => {
    const p = tf.tensor(points, [2, 5, 3]);
    const k = tf.tensor(intrinsics, [2, 3, 3]);
    const [s, t] = [tf.tensor1d(scale), tf.tensor2d(translation, [2, 2])];
    const through = (x: tf.Tensor) => {
      const moved = tf.add(x, tf.expandDims(weakToPerspective(s, t, k), 1));
      const weak = perspectiveToWeak(tf.mean(moved, 1), k);
      const apart = tf.sub(projectPerspective(moved, k), projectWeakPerspective(x, weak.scale, weak.translation));
      return tf.sum(tf.square(apart));
    };
    const step = () => tf.dispose(tf.grad(through)(p));
    step();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 50; i++) step();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('cameras', () => {
  it('refuse shapes that do not fit together', () => {
    const p = tf.zeros([2, 5, 3]);
    expect(() => projectWeakPerspective(p, tf.zeros([3]), tf.zeros([2, 2]))).toThrow(
      'projectWeakPerspective: expected scale of shape [B] with B = 2, got [3].',
    );
    expect(() => projectWeakPerspective(p, tf.zeros([2]), tf.zeros([2, 3]))).toThrow('expected translation of shape');
    expect(() => projectPerspective(p, tf.zeros([3, 3]))).toThrow(
      'projectPerspective: expected intrinsics of shape [B, 3, 3] with B = 2, got [3, 3].',
    );
    expect(() => weakToPerspective(tf.zeros([2]), tf.zeros([2]), tf.zeros([2, 3, 3]))).toThrow('weakToPerspective:');
    expect(() => perspectiveToWeak(tf.zeros([2, 2]), tf.zeros([2, 3, 3]))).toThrow('perspectiveToWeak:');
    expect(() =>
      projectWeakPerspective(p, tf.zeros([2]), tf.zeros([2, 2]), { form: 'x' as 'translate-after-scale' }),
    ).toThrow('expected form to be one of translate-after-scale, translate-before-scale, got x.');
  });
});
