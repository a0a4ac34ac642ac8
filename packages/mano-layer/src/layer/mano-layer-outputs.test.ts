import * as tf from '@tensorflow/tfjs-core';
import { ConfigError, createRng, ShapeError } from '@opposable/tensor-checks';
import { vertexNormals } from '../files/vertex-normals.js';
import { prepareWasm } from '../test-support/layer-error.js';
import { largestDifference } from '../test-support/reference-hand.js';
import { rows } from '../test-support/rows.js';
import { syntheticHand } from '../test-support/synthetic-hand.js';
import { ManoLayer } from './mano-layer.js';

describe.each(['composed operations', 'the fused kernel'])('What ManoLayer gives by %s', (path) => {
  beforeAll(() => prepareWasm({ fused: path === 'the fused kernel' }));
  const rng = createRng(78);
  const model = syntheticHand({ rng: rng.split('model') });

  it('leaves the vertices out when asked to, with the same joints and keypoints', async () => {
    const layer = new ManoLayer(model, { flatHandMean: false, center: 'middle1', units: 'mm' });
    const input = {
      betas: tf.tensor2d(rows(2, 10, () => rng.normal())),
      handPose: tf.tensor2d(rows(2, 6, () => rng.normal())),
      globalOrient: tf.tensor2d(rows(2, 3, () => rng.normal())),
    };
    const full = layer.forward(input);
    const few = layer.forward(input, { vertices: false });
    expect('vertices' in few).toBe(false);
    expect(largestDifference(await few.keypoints.data(), await full.keypoints.data())).toBeLessThan(1e-3);
    expect(await few.joints.data()).toEqual(await full.joints.data());
  });

  const randomInput = (batch: number) => ({
    betas: tf.tensor2d(rows(batch, 10, () => rng.normal())),
    handPose: tf.tensor2d(rows(batch, 6, () => rng.normal())),
    globalOrient: tf.tensor2d(rows(batch, 3, () => rng.normal())),
  });

  it('gives unit normals of the posed vertices in every unit', async () => {
    const closed = { ...model, faces: Uint32Array.from(model.faces.filter((_, i) => i < 90)) };
    const layer = new ManoLayer(closed, { flatHandMean: false, units: 'mm', center: 'wrist' });
    const { vertices, normals } = layer.forward(randomInput(2), { normals: true });
    const [points, actual] = [await vertices.data(), await normals.data()];
    const expected = [0, 1].flatMap((b) => [...vertexNormals(points.slice(b * 180, b * 180 + 180), closed.faces)]);
    expect(normals.shape).toEqual([2, 60, 3]);
    expect(largestDifference(actual, expected)).toBeLessThan(1e-5);
    layer.dispose();
  });

  it('gives only the vertices that are asked for, with the same joints and keypoints', async () => {
    const vertexIds = [41, 3, 3, 59, 0];
    const options = { flatHandMean: false, center: 'palm', units: 'mm' } as const;
    const [full, few] = [new ManoLayer(model, options), new ManoLayer(model, { ...options, vertexIds })];
    const input = { ...randomInput(3), transl: tf.tensor2d(rows(3, 3, () => rng.normal())) };
    const [all, some] = [full.forward(input), few.forward(input)];
    expect(some.vertices.shape).toEqual([3, 5, 3]);
    const expected = await tf.gather(all.vertices, vertexIds, 1).data();
    expect(largestDifference(await some.vertices.data(), expected)).toBeLessThan(1e-3);
    expect(largestDifference(await some.joints.data(), await all.joints.data())).toBeLessThan(1e-3);
    expect(largestDifference(await some.keypoints.data(), await all.keypoints.data())).toBeLessThan(1e-3);
    expect(() => few.forward(input, { normals: true })).toThrow(
      'normals need the whole mesh, got a layer with vertexIds',
    );
    expect(() => full.forward(input, { normals: true, vertices: false } as never)).toThrow('got vertices false');
    full.dispose();
    few.dispose();
  });

  it('poses a prepared identity as it poses betas, one hand for many poses too', async () => {
    const layer = new ManoLayer(model, { flatHandMean: false, center: 'palm' });
    const { betas, ...pose } = randomInput(3);
    const one = tf.slice(betas, [1, 0], [1, 10]);
    const weights = tf.tensor3d(rows(3, 180, () => rng.normal()).flat(), [3, 60, 3]);
    const each = layer.prepareIdentity(betas);
    const shared = layer.prepareIdentity(one);
    for (const [identity, shape] of [
      [each, betas],
      [shared, tf.tile(one, [3, 1])],
    ] as const) {
      const [actual, expected] = [layer.forward({ identity, ...pose }), layer.forward({ betas: shape, ...pose })];
      for (const name of ['vertices', 'joints', 'keypoints'] as const) {
        expect(largestDifference(await actual[name].data(), await expected[name].data())).toBeLessThan(1e-6);
      }
      const gradient = (given: typeof identity | tf.Tensor2D) =>
        tf.grads((p, o) => {
          const input = { handPose: p, globalOrient: o };
          const shaped = given instanceof tf.Tensor ? { betas: given, ...input } : { identity: given, ...input };
          return tf.sum(tf.mul(layer.forward(shaped).vertices, weights));
        })([pose.handPose, pose.globalOrient]);
      const [withIdentity, withBetas] = [gradient(identity), gradient(shape)];
      for (const place of [0, 1]) {
        const [a, b] = [await withIdentity[place]!.data(), await withBetas[place]!.data()];
        expect(largestDifference(a, b)).toBeLessThan(1e-5 * Math.max(...b.map(Math.abs)));
      }
    }
    const steady = tf.memory().numTensors;
    for (let i = 0; i < 50; i++) tf.dispose(Object.values(layer.forward({ identity: shared, ...pose })) as tf.Tensor[]);
    layer.prepareIdentity(one).dispose();
    expect(tf.memory().numTensors).toBe(steady);
    expect(() => layer.forward({ betas, identity: each, ...pose } as never)).toThrow(
      'expected either betas or identity, got both.',
    );
    expect(() => layer.forward(pose as never)).toThrow('expected either betas or identity, got neither.');
    expect(() => layer.prepareIdentity(tf.zeros([2, 9]))).toThrow(ShapeError);
    each.dispose();
    shared.dispose();
    expect(() => layer.forward({ identity: shared, ...pose })).toThrow(ConfigError);
    layer.dispose();
    expect(() => layer.prepareIdentity(one)).toThrow('ManoLayer.prepareIdentity: the layer was disposed of');
  });
});
