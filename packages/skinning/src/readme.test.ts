import * as tf from '@tensorflow/tfjs-core';
import type { ParametricModel } from './host/types.js';
import { createSkinningConstants, linearBlendSkinning } from './index.js';

it('does what the example of the README says', async () => {
  await tf.setBackend('wasm');
  await tf.ready();
  const model: ParametricModel = {
    vertexCount: 2,
    jointCount: 2,
    shapeCount: 1,
    vTemplate: new Float32Array([0, 0, 0, 2, 0, 0]),
    shapeDirs: new Float32Array(6),
    poseDirs: new Float32Array(2 * 3 * 9),
    jRegressor: new Float32Array([1, 0, 0.5, 0.5]),
    lbsWeights: new Float32Array([1, 0, 0, 1]),
    parents: new Int32Array([-1, 0]),
    faces: new Uint32Array(0),
  };
  const constants = createSkinningConstants(model);
  const quarterTurn = [0, -1, 0, 1, 0, 0, 0, 0, 1]; // about z
  const { vertices, joints } = linearBlendSkinning(constants, {
    betas: tf.zeros([1, 1]),
    rotations: tf.tensor4d([1, 0, 0, 0, 1, 0, 0, 0, 1, ...quarterTurn], [1, 2, 3, 3]),
  });
  expect([...(await vertices.data())]).toEqual([0, 0, 0, 1, 1, 0]);
  expect([...(await joints.data())]).toEqual([0, 0, 0, 1, 0, 0]);
});
