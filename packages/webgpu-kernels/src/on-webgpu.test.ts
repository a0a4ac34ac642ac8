import { jest } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { ManoLayer } from '@opposable/mano-layer';
import { axisAngleToMatrix } from '@opposable/geometry/host';
import { loadOpenHand } from '@opposable/open-hand';
import { createSkinningConstants, parametricModel } from '@opposable/skinning';
import { linearBlendSkinning, type ParametricModel } from '@opposable/skinning/host';
import { createRng } from '@opposable/tensor-checks';
import { registerWebGpuKernels } from './index.js';

// The kernels against float64 loops, of every kind of input and model: the tests of @opposable/skinning, on the same run.
const runs = process.env['OPPOSABLE_TEST_BACKEND'] === 'webgpu';
const describeHere = runs ? describe : describe.skip;

const V = 778;
const S = 10;
const PARENTS = [-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11, 0, 13, 14];
const J = PARENTS.length;

/** A random model of MANO's size. */
function manoSized(): ParametricModel {
  const rng = createRng(5);
  const numbers = (length: number, size: number) => Float32Array.from({ length }, () => rng.uniform(-size, size));
  const rows = (count: number, length: number) => {
    const out = new Float32Array(count * length);
    for (let r = 0; r < count; r++) for (let k = 0; k < 4; k++) out[r * length + rng.integer(0, length - 1)]! += 0.25;
    return out;
  };
  return {
    ...{ vertexCount: V, jointCount: J, shapeCount: S, parents: Int32Array.from(PARENTS), faces: new Uint32Array(0) },
    ...{
      vTemplate: numbers(3 * V, 0.1),
      shapeDirs: numbers(3 * V * S, 0.003),
      poseDirs: numbers(27 * V * (J - 1), 0.001),
    },
    ...{ jRegressor: rows(J, V), lbsWeights: rows(V, J) },
  };
}

/** Counts what is put into the queue. */
function countDispatches(work: () => void): number {
  const backend = tf.backend() as unknown as { recordAndSubmit(...given: unknown[]): void };
  const spy = jest.spyOn(backend, 'recordAndSubmit');
  try {
    work();
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}

const draw = (shape: number[], seed: number, size: number) => {
  const rng = createRng(seed);
  const length = shape.reduce((product, count) => product * count, 1);
  return Float32Array.from({ length }, () => rng.uniform(-size, size));
};

describeHere(runs ? 'the fused model on webgpu' : 'the fused model on webgpu (skipped: by npm run test:webgpu)', () => {
  beforeAll(async () => {
    await tf.setBackend('webgpu');
    expect(registerWebGpuKernels()).toEqual({ registered: true });
  });

  const models = { 'of MANO’s size': manoSized, 'the open hand': () => loadOpenHand('right') };
  const cases = Object.entries(models).flatMap(([name, make]) => [1, 3, 16].map((batch) => ({ name, make, batch })));
  it.each(cases)('equals the float64 loop: $name, $batch', async ({ make, batch }) => {
    const model: ParametricModel = make();
    const constants = createSkinningConstants(model);
    const given = {
      betas: draw([batch, model.shapeCount], 1, 2),
      pose: draw([batch, 3 * (J - 1)], 2, 1.5),
      globalOrient: draw([batch, 3], 3, 3),
    };
    const input = {
      betas: tf.tensor2d(given.betas, [batch, model.shapeCount]),
      pose: tf.tensor2d(given.pose, [batch, 3 * (J - 1)]),
      globalOrient: tf.tensor2d(given.globalOrient, [batch, 3]),
    };
    let result: ReturnType<typeof parametricModel> | undefined;
    expect(countDispatches(() => (result = parametricModel(constants, input)))).toBe(2);
    const { vertices, joints } = result as { vertices: tf.Tensor3D; joints: tf.Tensor3D };
    const [actual, actualJoints] = [await vertices.data(), await joints.data()];
    let worst = 0;
    for (let b = 0; b < batch; b++) {
      const of = (all: Float32Array) =>
        Array.from(all.subarray((b * all.length) / batch, ((b + 1) * all.length) / batch));
      const vectors = [...of(given.globalOrient), ...of(given.pose)];
      const rotations = Float64Array.from({ length: J }, (_, j) => j).reduce(
        (all, j) => {
          all.set(axisAngleToMatrix(vectors.slice(3 * j, 3 * j + 3)), 9 * j);
          return all;
        },
        new Float64Array(9 * J),
      );
      const expected = linearBlendSkinning(model, { betas: of(given.betas), rotations });
      expected.vertices.forEach(
        (x, i) => (worst = Math.max(worst, Math.abs(x - actual[3 * model.vertexCount * b + i]!))),
      );
      expected.joints.forEach((x, i) => (worst = Math.max(worst, Math.abs(x - actualJoints[3 * J * b + i]!))));
    }
    expect([worst < 2e-6, worst]).toEqual([true, worst]);
    tf.dispose([input, vertices, joints]);
    constants.dispose();
  });

  it('takes two dispatches forward and two back, and gives every buffer back', async () => {
    const layer = new ManoLayer(loadOpenHand('right'), {
      ...{ numPcaComponents: 6, flatHandMean: false, keypointOrder: 'panoptic' },
    });
    const batch = 3;
    const input = {
      betas: tf.tensor2d(draw([batch, layer.model.shapeCount], 1, 2), [batch, layer.model.shapeCount]),
      handPose: tf.tensor2d(draw([batch, 6], 2, 1), [batch, 6]),
      globalOrient: tf.tensor2d(draw([batch, 3], 3, 2), [batch, 3]),
    };
    const dy = tf.tensor3d(draw([batch, layer.model.vertexCount, 3], 4, 1), [batch, layer.model.vertexCount, 3]);
    const gradients = tf.grad((betas) => layer.forward({ ...input, betas: betas as tf.Tensor2D }).vertices);
    expect(countDispatches(() => tf.dispose(layer.forward(input) as unknown as tf.TensorContainer))).toBe(2);
    // forward, gradients of the outputs that the loss does not use (zeros), back
    const withGradient = countDispatches(() => gradients(input.betas, dy).dispose());
    expect([withGradient <= 7, withGradient]).toEqual([true, withGradient]);
    const memory = () => tf.memory() as tf.MemoryInfo & { numBytesInGPU: number };
    /** Once everything in the queue is done, buffers that wait for it are back in the pool. */
    const settled = async () => {
      const sum = tf.sum(dy);
      await sum.data();
      sum.dispose();
      return memory();
    };
    const before = await settled();
    for (let i = 0; i < 20; i++) {
      gradients(input.betas, dy).dispose();
      tf.dispose(layer.forward(input) as unknown as tf.TensorContainer);
    }
    const after = await settled();
    expect([after.numTensors, after.numBytesInGPU]).toEqual([before.numTensors, before.numBytesInGPU]);
    layer.dispose();
  });
});
