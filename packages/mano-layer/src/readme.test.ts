import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { writeModelPickle } from '@opposable/array-files/testing';
import { createRng } from '@opposable/tensor-checks';
import { decodeHandParameters, HAND_PARAMETER_MEAN } from './conventions/index.js';
import { loadManoModel, manoModelToArrays, writeGlb } from './files/index.js';
import { ManoLayer } from './index.js';
import { ManoModelLayer, registerManoModelLayer } from './layers/index.js';
import { loadManoModel as loadFromPath } from './node/index.js';
import { manoSizedHand, syntheticHand } from './test-support/synthetic-hand.js';

it('does what the examples of the README say', async () => {
  await tf.setBackend('wasm');
  await tf.ready();
  const folder = await mkdtemp(join(tmpdir(), 'mano-layer-readme-'));
  const path = join(folder, 'MANO_RIGHT.pkl');
  const bytes = writeModelPickle(manoModelToArrays(manoSizedHand(createRng(1))));
  await writeFile(path, bytes);

  const model = await loadFromPath(path);
  await rm(folder, { recursive: true });
  expect([model.side, model.topology]).toEqual(['right', 'mano']);
  const layer = new ManoLayer(model, { convention: 'smplx' });
  const betas = tf.zeros<tf.Rank.R2>([1, 10]);
  const handPose = tf.tensor2d([[1, 0, 0, 0, 0, 0]]);
  const globalOrient = tf.tensor2d([[Math.PI, 0, 0]]);
  const { vertices, joints, keypoints } = layer.forward({ betas, handPose, globalOrient });
  expect(keypoints.shape).toEqual([1, 21, 3]);
  expect([vertices.shape, joints.shape]).toEqual([
    [1, 778, 3],
    [1, 16, 3],
  ]);

  const fromBytes = await loadManoModel(bytes.slice().buffer);
  expect(fromBytes).toEqual(model);
  const own = syntheticHand({ rng: createRng(2) });
  expect(await loadManoModel(own)).toBe(own);

  const identity = layer.prepareIdentity(betas);
  const posed = layer.forward({ identity, handPose, globalOrient }, { normals: true });
  expect(posed.normals.shape).toEqual([1, 778, 3]);
  const tips = new ManoLayer(model, { convention: 'smplx', vertexIds: [744, 320, 443, 554, 671] });
  const few = tips.forward({ betas, handPose, globalOrient });
  expect(few.vertices.shape).toEqual([1, 5, 3]);
  expect(await few.vertices.data()).toEqual(await tf.slice(few.keypoints, [0, 16, 0], [1, 5, 3]).data());
  const light = layer.forward({ betas, handPose, globalOrient }, { vertices: false });
  expect(light.vertices).toBeUndefined();
  identity.dispose();

  const hand = new ManoModelLayer({ model, options: { convention: 'smplx' }, outputs: ['keypoints'] });
  const inputs = [10, 6, 3].map((size) => tfl.input({ shape: [size] }));
  expect((hand.apply(inputs) as tfl.SymbolicTensor).shape).toEqual([null, 21, 3]);
  registerManoModelLayer([model]);

  const decoded = decodeHandParameters(model, HAND_PARAMETER_MEAN, { fingertips: 'smplx' });
  expect(decoded.keypoints2d).toHaveLength(42);
  const glb = await writeGlb({ vertices: decoded.vertices3d, faces: model.faces }, { frame: 'image' });
  expect([...glb.subarray(0, 4)]).toEqual([...'glTF'].map((letter) => letter.charCodeAt(0)));
});
