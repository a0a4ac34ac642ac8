import { createRng } from '@opposable/tensor-checks';
import { referenceSkinning } from '../test-support/reference-skinning.js';
import {
  BODY_PARENTS,
  HAND_PARENTS,
  randomParents,
  randomRotations,
  rotationAbout,
  syntheticModel,
} from '../test-support/synthetic-model.js';
import { linearBlendSkinning } from './linear-blend-skinning.js';
import { poseIdentity } from './pose-identity.js';
import { shapeIdentity } from './shape-identity.js';
import { validateParametricModel } from './validate-parametric-model.js';

const identityRotations = (jointCount: number) =>
  Float64Array.from({ length: jointCount * 9 }, (_, i) => ([0, 4, 8].includes(i % 9) ? 1 : 0));

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

describe('linearBlendSkinning on plain arrays', () => {
  const rng = createRng(21);
  const trees = {
    'a hand': HAND_PARENTS,
    'a body': BODY_PARENTS,
    'one joint': [-1],
    'a chain': Array.from({ length: 12 }, (_, j) => j - 1),
    'a random tree': randomParents(20, rng.split('tree')),
  };

  it.each(Object.entries(trees))('equals the plain loop to 1e-12 for %s', (name, parents) => {
    const random = rng.split(name);
    for (const correctiveDensity of [1, 0.05]) {
      const model = syntheticModel({ vertexCount: 40, shapeCount: 5, parents, correctiveDensity, rng: random });
      validateParametricModel(model);
      for (let run = 0; run < 4; run++) {
        const betas = Array.from({ length: 5 }, () => random.normal());
        const rotations = randomRotations(parents.length, random);
        const transl = run % 2 === 0 ? undefined : [0.3, -1, 4];
        const result = linearBlendSkinning(model, { betas, rotations, transl });
        const expected = referenceSkinning(model, betas, rotations, transl);
        expect(largestDifference(result.vertices, expected.vertices)).toBeLessThan(1e-12);
        expect(largestDifference(result.joints, expected.joints)).toBeLessThan(1e-12);
      }
    }
  });

  it('equals the plain loop for float32 models and half turns', () => {
    const model = syntheticModel({
      vertexCount: 30,
      shapeCount: 3,
      parents: HAND_PARENTS,
      arrayType: Float32Array,
      rng: rng.split('half'),
    });
    const turns = [
      rotationAbout([1, 0, 0], Math.PI),
      rotationAbout([0, 1, 0], Math.PI),
      rotationAbout([1, 2, -1], Math.PI),
    ];
    const rotations = HAND_PARENTS.flatMap((_, j) => turns[j % 3]!);
    const result = linearBlendSkinning(model, { betas: [1, -2, 0.5], rotations });
    const expected = referenceSkinning(model, [1, -2, 0.5], rotations);
    expect(largestDifference(result.vertices, expected.vertices)).toBeLessThan(1e-12);
  });

  it('gives the shaped rest mesh and its joints at zero pose', () => {
    const model = syntheticModel({ vertexCount: 30, shapeCount: 3, parents: HAND_PARENTS, rng: rng.split('rest') });
    const betas = [1, 2, 3];
    const { vertices, joints } = linearBlendSkinning(model, { betas, rotations: identityRotations(16) });
    const identity = shapeIdentity(model, betas);
    expect(largestDifference(vertices, identity.vShaped)).toBeLessThan(1e-15);
    expect(largestDifference(joints, identity.restJoints)).toBeLessThan(1e-15);
  });

  it('turns about the root joint, not about the origin', () => {
    const model = syntheticModel({ vertexCount: 30, shapeCount: 3, parents: HAND_PARENTS, rng: rng.split('root') });
    const rotations = identityRotations(16);
    rotations.set(rotationAbout([0, 0, 1], Math.PI / 2));
    const { vertices, joints } = linearBlendSkinning(model, { betas: [0, 0, 0], rotations });
    const [x0, y0, z0] = shapeIdentity(model, [0, 0, 0]).restJoints as unknown as [number, number, number];
    expect([...joints.slice(0, 3)]).toEqual([x0, y0, z0]);
    const [x, y] = model.vTemplate as unknown as [number, number];
    expect(vertices[0]).toBeCloseTo(x0 - (y - y0), 12);
    expect(vertices[1]).toBeCloseTo(y0 + (x - x0), 12);
  });

  it('turns the posed result about the origin by the world rotation, before the translation', () => {
    const model = syntheticModel({ vertexCount: 30, shapeCount: 3, parents: HAND_PARENTS, rng: rng.split('world') });
    const input = { betas: [1, -1, 0], rotations: randomRotations(16, rng.split('pose')) };
    const still = referenceSkinning(model, input.betas, input.rotations);
    const worldRotation = rotationAbout([1, 2, 3], 0.8);
    const turned = linearBlendSkinning(model, { ...input, worldRotation, transl: [1, 2, 3] });
    const turn = (points: number[]) =>
      points.map((_, c) => {
        const [start, i] = [c - (c % 3), c % 3];
        return [0, 1, 2].reduce((sum, k) => sum + worldRotation[i * 3 + k]! * points[start + k]!, i + 1);
      });
    expect(largestDifference(turned.vertices, turn(still.vertices))).toBeLessThan(1e-12);
    expect(largestDifference(turned.joints, turn(still.joints))).toBeLessThan(1e-12);
  });

  it('poses one identity many times and writes into given arrays', () => {
    const model = syntheticModel({ vertexCount: 30, shapeCount: 3, parents: HAND_PARENTS, rng: rng.split('many') });
    const identity = shapeIdentity(model, [1, 0, -1]);
    const out = { vertices: new Float32Array(90), joints: new Float32Array(48) };
    for (let run = 0; run < 3; run++) {
      const rotations = randomRotations(16, rng.split(run));
      expect(poseIdentity(identity, { rotations }, out)).toBe(out);
      const expected = referenceSkinning(model, [1, 0, -1], rotations);
      expect(largestDifference(out.vertices, expected.vertices)).toBeLessThan(1e-7);
      expect(largestDifference(out.joints, expected.joints)).toBeLessThan(1e-7);
    }
  });

  it('refuses sizes that are not the model’s', () => {
    const model = syntheticModel({ vertexCount: 30, shapeCount: 3, parents: HAND_PARENTS, rng: rng.split('sizes') });
    const rotations = identityRotations(16);
    expect(() => linearBlendSkinning(model, { betas: [1], rotations })).toThrow(
      'shapeIdentity: expected betas of length 3, got 1.',
    );
    expect(() => linearBlendSkinning(model, { betas: [0, 0, 0], rotations: rotations.subarray(9) })).toThrow(
      'poseIdentity: expected rotations of length 144, got 135.',
    );
    expect(() => linearBlendSkinning(model, { betas: [0, 0, 0], rotations, transl: [1] })).toThrow(
      'poseIdentity: expected transl of length 3, got 1.',
    );
    expect(() =>
      linearBlendSkinning(
        model,
        { betas: [0, 0, 0], rotations },
        { vertices: new Float64Array(89), joints: new Float64Array(48) },
      ),
    ).toThrow('poseIdentity: expected out.vertices of length 90, got 89.');
  });
});
