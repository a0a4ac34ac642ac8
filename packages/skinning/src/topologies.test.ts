import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { createSkinningConstants } from './create-skinning-constants.js';
import { linearBlendSkinning as hostSkinning } from './host/linear-blend-skinning.js';
import { linearBlendSkinning } from './linear-blend-skinning.js';
import { gradientError, largestDifference } from './test-support/compare.js';
import { PATHS } from './test-support/paths.js';
import { referenceSkinning } from './test-support/reference-skinning.js';
import { randomRotations, syntheticModel } from './test-support/synthetic-model.js';
import { TOPOLOGIES } from './test-support/topologies.js';

/** Nine items: a group of eight and one alone in the fused kernel. The reference, slow for bodies, is worked out for two. */
const BATCH = 9;
const REFERENCES = [2, BATCH - 1];
const wasmPaths = PATHS.filter(([name]) => name.endsWith('wasm'));

describe.each(TOPOLOGIES)('a model of the topology of $name', ({ name, vertexCount, shapeCount, parents }) => {
  const rng = createRng(31).split(name);
  const J = parents.length;
  const model = syntheticModel({
    ...{ vertexCount, shapeCount, parents, rng },
    arrayType: Float32Array,
    correctiveDensity: 0.05,
  });
  const betas = Array.from({ length: BATCH }, () => new Float32Array(shapeCount).map(() => rng.normal()));
  const rotations = Array.from({ length: BATCH }, () => Float32Array.from(randomRotations(J, rng, 1)));
  const references = REFERENCES.map((b) => referenceSkinning(model, betas[b]!, rotations[b]!));
  const gradients: Float32Array[][] = [];

  it('is posed on the host as by the plain loop', () => {
    const result = hostSkinning(model, { betas: betas[REFERENCES[0]!]!, rotations: rotations[REFERENCES[0]!]! });
    expect(result.vertices.length).toBe(vertexCount * 3);
    expect(largestDifference(result.vertices, references[0]!.vertices)).toBeLessThan(1e-9);
    expect(largestDifference(result.joints, references[0]!.joints)).toBeLessThan(1e-9);
  });

  it.each(wasmPaths)('is posed %s to 2e-6 m of the plain loop', async (_, start) => {
    await start();
    const constants = createSkinningConstants(model);
    const tensors = [
      tf.tensor2d(betas.map((row) => [...row])),
      tf.tensor4d(
        rotations.flatMap((all) => [...all]),
        [BATCH, J, 3, 3],
      ),
    ] as const;
    const result = linearBlendSkinning(constants, { betas: tensors[0], rotations: tensors[1] });
    const [vertices, joints] = [await result.vertices.data<'float32'>(), await result.joints.data<'float32'>()];
    REFERENCES.forEach((b, place) => {
      const of = (all: Float32Array, count: number) => all.subarray(b * count * 3, (b + 1) * count * 3);
      expect(largestDifference(of(vertices, vertexCount), references[place]!.vertices)).toBeLessThan(2e-6);
      expect(largestDifference(of(joints, J), references[place]!.joints)).toBeLessThan(2e-6);
    });
    const found = tf.grads((b, r) => {
      const posed = linearBlendSkinning(constants, { betas: b as tf.Tensor2D, rotations: r as tf.Tensor4D });
      return tf.add(tf.sum(tf.square(posed.vertices)), tf.sum(posed.joints));
    })([...tensors]);
    gradients.push((await Promise.all(found.map((gradient) => gradient.data()))) as Float32Array[]);
    tf.dispose([...tensors, ...found, result.vertices, result.joints]);
    constants.dispose();
  });

  it('has the same gradients from the fused kernel as from composed operations', () => {
    const [composed, fused] = gradients as [Float32Array[], Float32Array[]];
    composed.forEach((gradient, i) => expect(gradientError(fused[i]!, gradient)).toBeLessThan(1e-4));
  });
});
