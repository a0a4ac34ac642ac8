import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { writeSafetensors } from '@opposable/array-files';
import { createRng } from '@opposable/tensor-checks';
import { decodeHandParameters, HAND_PARAMETER_MEAN } from './conventions/index.js';
import { manoModelToArrays, writeGlb } from './files/index.js';
import { ManoLayer } from './index.js';
import { loadManoModel } from './node/index.js';
import { syntheticHand } from './test-support/synthetic-hand.js';

it('does what the examples of the README say', async () => {
  await tf.setBackend('wasm');
  await tf.ready();
  const folder = await mkdtemp(join(tmpdir(), 'mano-layer-readme-'));
  const path = join(folder, 'hand.safetensors');
  const hand = syntheticHand({ rng: createRng(1) });
  await writeFile(path, writeSafetensors(manoModelToArrays(hand), { topology: 'synthetic' }));

  const model = await loadManoModel(path, { side: 'right' });
  await rm(folder, { recursive: true });
  const layer = new ManoLayer(model, { flatHandMean: false, numPcaComponents: 6 });
  const { vertices, joints, keypoints } = layer.forward({
    betas: tf.zeros([1, 10]),
    handPose: tf.tensor2d([[1, 0, 0, 0, 0, 0]]),
    globalOrient: tf.tensor2d([[Math.PI, 0, 0]]),
  });
  expect(keypoints.shape).toEqual([1, 21, 3]);
  expect([vertices.shape, joints.shape]).toEqual([
    [1, 60, 3],
    [1, 16, 3],
  ]);

  const decoded = decodeHandParameters(model, HAND_PARAMETER_MEAN);
  expect(decoded.keypoints2d).toHaveLength(42);
  const glb = await writeGlb({ vertices: decoded.vertices3d, faces: model.faces }, { frame: 'image' });
  expect([...glb.subarray(0, 4)]).toEqual([...'glTF'].map((letter) => letter.charCodeAt(0)));
});
