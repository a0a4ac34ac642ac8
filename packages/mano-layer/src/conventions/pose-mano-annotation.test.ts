import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { ManoLayer } from '../layer/mano-layer.js';
import { largestDifference } from '../test-support/reference-hand.js';
import { manoSizedHand } from '../test-support/synthetic-hand.js';
import { mirrorModel } from './mirror-model.js';
import { poseManoAnnotation } from './pose-mano-annotation.js';
import { MANO_CONVENTIONS, type ManoConventionName } from './presets.js';

const rng = createRng(51);
const right = manoSizedHand(rng.split('model'));
const left = mirrorModel(right);
const NAMES = Object.keys(MANO_CONVENTIONS) as ManoConventionName[];
const cases = NAMES.flatMap((name) => MANO_CONVENTIONS[name].sides.map((side) => [name, side] as const));

beforeAll(async () => {
  await tf.setBackend('wasm');
  await tf.ready();
});

describe('poseManoAnnotation', () => {
  it.each(cases)('agrees with the layer in the convention %s on the %s hand', async (name, side) => {
    const { numPcaComponents = 45 } = MANO_CONVENTIONS[name];
    const normals = (count: number) => Array.from({ length: count }, () => rng.normal(0, 0.5));
    const annotation = {
      side,
      globalOrient: normals(3),
      handPose: normals(numPcaComponents ?? 45),
      betas: normals(10),
      transl: normals(3),
    };
    // 'fixed' left shape directions cannot be told from random ones: the layer is given what the convention assumes
    const model = side === 'right' ? right : left;
    const layer = new ManoLayer(model, { convention: { ...MANO_CONVENTIONS[name], leftShapeFix: 'on' } });
    const { vertices, keypoints, joints } = layer.forward({
      betas: tf.tensor2d([annotation.betas]),
      handPose: tf.tensor2d([annotation.handPose]),
      globalOrient: tf.tensor2d([annotation.globalOrient]),
      transl: tf.tensor2d([annotation.transl]),
    });
    const host = poseManoAnnotation(annotation, { left, right }, { ...MANO_CONVENTIONS[name], leftShapeFix: 'on' });
    const unit = MANO_CONVENTIONS[name].units === 'mm' ? 1000 : 1;
    expect(largestDifference(await vertices.data(), host.vertices) / unit).toBeLessThan(2e-6);
    expect(largestDifference(await keypoints.data(), host.keypoints) / unit).toBeLessThan(2e-6);
    expect(largestDifference(await joints.data(), host.joints) / unit).toBeLessThan(2e-6);
    layer.dispose();
  });
});
