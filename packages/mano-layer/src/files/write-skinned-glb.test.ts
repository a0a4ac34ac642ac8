import { createRng } from '@opposable/tensor-checks';
import { linearBlendSkinning, type ParametricModel, validateParametricModel } from '@opposable/skinning/host';
import { largestDifference, referenceHand, rodrigues } from '../test-support/reference-hand.js';
import { evaluateSkinnedGlb } from '../test-support/skinned-glb.js';
import { syntheticHand } from '../test-support/synthetic-hand.js';
import { validateGlb } from '../test-support/validate-glb.js';
import { skinInfluences } from './skin-influences.js';
import { writeGlb } from './write-glb.js';
import { writeSkinnedGlb } from './write-skinned-glb.js';

const rng = createRng(31);
const hand = syntheticHand({ rng: rng.split('hand'), arrayType: Float64Array });
const SMPL_PARENTS = [-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21];

/** A random body with more joints, more shape directions and more joints per vertex than a hand. */
function syntheticBody(jointsPerVertex: number): ParametricModel {
  const [V, J, S] = [90, SMPL_PARENTS.length, 14];
  const fill = (length: number, size: number) => Float32Array.from({ length }, () => rng.normal(0, size));
  const rows = (count: number, length: number, used: number) => {
    const matrix = new Float32Array(count * length);
    for (let r = 0; r < count; r++) {
      const places = rng.permutation(length).slice(0, used);
      const shares = Array.from(places, () => rng.uniform(0.2, 1));
      const total = shares.reduce((sum, share) => sum + share, 0);
      places.forEach((place, i) => (matrix[r * length + place] = shares[i]! / total));
    }
    return matrix;
  };
  return validateParametricModel({
    vertexCount: V,
    jointCount: J,
    shapeCount: S,
    vTemplate: fill(V * 3, 0.5),
    shapeDirs: fill(V * 3 * S, 0.01),
    poseDirs: fill(V * 3 * 9 * (J - 1), 0.001),
    jRegressor: rows(J, V, 5),
    lbsWeights: rows(V, J, jointsPerVertex),
    parents: Int32Array.from(SMPL_PARENTS),
    faces: Uint32Array.from({ length: 60 }, (_, i) => i),
  });
}

const pose = (jointCount: number) =>
  Array.from({ length: jointCount }, () => rodrigues([0, 0, 0].map(() => rng.normal(0, 0.8))));
const numbers = (count: number) => Array.from({ length: count }, () => rng.normal());

const CLEAN = { errors: 0, warnings: 0, messages: [] };

describe('writeSkinnedGlb', () => {
  it('shows the posed and shaped hand of the formulas in a viewer', async () => {
    for (let run = 0; run < 3; run++) {
      const [betas, rotations, transl] = [numbers(10), pose(16), numbers(3)];
      const bytes = await writeSkinnedGlb(hand, { frame: 'y-up', betas, rotations: rotations.flat(), transl });
      const shown = await evaluateSkinnedGlb(bytes);
      const { vertices, joints } = referenceHand(hand, betas, rotations);
      const placed = (points: number[][]) => points.flatMap((point) => point.map((value, i) => value + transl[i]!));
      expect(largestDifference(shown.vertices, placed(vertices))).toBeLessThan(1e-6);
      expect(largestDifference(shown.joints, placed(joints))).toBeLessThan(1e-6);
      expect(shown.faces).toEqual([...hand.faces]);
      expect(shown.targetNames).toEqual(Array.from({ length: 10 }, (_, s) => `shape${s}`));
      expect(shown.setCount).toBe(1);
    }
  });

  it('turns image axes into those of viewers', async () => {
    const [betas, rotations, transl] = [numbers(10), pose(16), numbers(3)];
    const options = { betas, rotations: rotations.flat(), transl };
    const { vertices } = linearBlendSkinning(hand, options);
    const shown = await evaluateSkinnedGlb(await writeSkinnedGlb(hand, { ...options, frame: 'image' }));
    const turned = vertices.map((value, i) => (i % 3 === 0 ? value : -value));
    expect(largestDifference(shown.vertices, turned)).toBeLessThan(1e-6);
  });

  it('writes eight joints per vertex where a model has more than four', async () => {
    const body = syntheticBody(7);
    const [betas, rotations] = [numbers(14), pose(24).flat()];
    const bytes = await writeSkinnedGlb(body, { frame: 'y-up', betas, rotations, name: 'body' });
    const shown = await evaluateSkinnedGlb(bytes);
    const { vertices, joints } = linearBlendSkinning(body, { betas, rotations });
    expect(shown.setCount).toBe(2);
    expect(shown.targetNames).toHaveLength(10); // the other four of fourteen are baked
    expect(largestDifference(shown.vertices, vertices)).toBeLessThan(4e-6); // a body of two metres, in float32
    expect(largestDifference(shown.joints, joints)).toBeLessThan(4e-6);
    expect(await validateGlb(bytes)).toEqual(CLEAN);
  });

  it('keeps the largest joints, scaled to sum to 1, where it is told to write four', async () => {
    const body = syntheticBody(7);
    const { setCount, joints, weights } = skinInfluences(body, 4);
    expect(setCount).toBe(1);
    for (let v = 0; v < body.vertexCount; v++) {
      const row = body.lbsWeights.subarray(v * 24, v * 24 + 24);
      const largest = [...row].sort((a, b) => b - a).slice(0, 4);
      const total = largest.reduce((sum, weight) => sum + weight, 0);
      largest.forEach((weight, n) => {
        expect(weights[0]![v * 4 + n]).toBeCloseTo(weight / total, 6);
        expect(row[joints[0]![v * 4 + n]!]).toBe(weight);
      });
    }
    const bytes = await writeSkinnedGlb(body, { frame: 'y-up', influences: 4 });
    expect(await validateGlb(bytes)).toEqual(CLEAN);
    expect((await evaluateSkinnedGlb(bytes)).setCount).toBe(1);
  });

  it.each([
    ['at rest', {}],
    ['posed, shaped, coloured, named', { isPosed: true }],
    ['without morph targets', { morphTargets: 0 }],
  ])(
    'passes the validator of Khronos without error or warning: %s',
    async (_, { isPosed = false, ...options }: { isPosed?: boolean; morphTargets?: number }) => {
      const bytes = await writeSkinnedGlb(hand, {
        frame: 'image',
        ...options,
        ...(isPosed && {
          betas: numbers(10),
          rotations: pose(16).flat(),
          transl: [0, 0, 0.5],
          colors: Array.from({ length: 180 }, () => rng.uniform()),
          jointNames: Array.from({ length: 16 }, (_name, j) => `bone ${j}`),
          name: 'left hand',
        }),
      });
      expect(await validateGlb(bytes)).toEqual(CLEAN);
      const { jointNames } = await evaluateSkinnedGlb(bytes);
      expect(jointNames[5]).toBe(isPosed ? 'bone 5' : 'joint5');
    },
  );

  it('shows the same mesh with fewer morph targets', async () => {
    const betas = numbers(10);
    const [some, none] = await Promise.all(
      [3, 0].map(async (morphTargets) =>
        evaluateSkinnedGlb(await writeSkinnedGlb(hand, { frame: 'y-up', betas, morphTargets })),
      ),
    );
    expect(some!.targetNames).toEqual(['shape0', 'shape1', 'shape2']);
    expect(none!.targetNames).toBeUndefined();
    expect(largestDifference(some!.vertices, none!.vertices)).toBeLessThan(1e-7);
  });

  it('refuses what does not fit the model', async () => {
    const frame = 'y-up' as const;
    await expect(writeSkinnedGlb(hand, { frame, betas: [1] })).rejects.toThrow(
      'writeSkinnedGlb: expected betas of length 10, got 1.',
    );
    await expect(writeSkinnedGlb(hand, { frame, rotations: [1] })).rejects.toThrow(
      'expected rotations of length 144, got 1.',
    );
    await expect(writeSkinnedGlb(hand, { frame, transl: [0, NaN, 0] })).rejects.toThrow(
      'expected finite numbers in transl, got NaN at 1.',
    );
    await expect(writeSkinnedGlb(hand, { frame, jointNames: ['a'] })).rejects.toThrow('expected 16 jointNames, got 1.');
    await expect(writeSkinnedGlb(hand, { frame, morphTargets: 11 })).rejects.toThrow(
      'expected morphTargets to be 0 to 10, got 11.',
    );
    await expect(writeSkinnedGlb(hand, { frame: 'up' as 'y-up' })).rejects.toThrow(
      'writeSkinnedGlb: expected frame to be image or y-up, got up.',
    );
  });
});

describe('writeGlb', () => {
  it('passes the validator of Khronos', async () => {
    const mesh = { vertices: numbers(180), faces: Array.from({ length: 60 }, (_, i) => i), colors: numbers(180) };
    expect(await validateGlb(await writeGlb(mesh, { frame: 'image' }))).toEqual(CLEAN);
  });
});
