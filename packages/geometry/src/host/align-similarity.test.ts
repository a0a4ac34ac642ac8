import { createRng } from '@opposable/tensor-checks';
import { readFixture } from '../test-support/fixture.js';
import { worstError } from '../test-support/gradients.js';
import { alignSimilarity } from './align-similarity.js';
import { applySimilarity } from './apply-similarity.js';
import { axisAngleToMatrix } from './axis-angle-to-matrix.js';
import { determinant3x3 } from './matrix3.js';
import { transformPoints } from './transform-points.js';

const rng = createRng('align');
const randomPoints = (count: number) => Float64Array.from({ length: count * 3 }, () => rng.normal());
const residual = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];

describe('alignSimilarity', () => {
  it.each(readFixture().alignments)(
    'gives the fit of numpy and scipy: $kind points, reflection $reflection, scale fitted: $scaled',
    ({ source, target, reflection, scaled, ...expected }) => {
      const found = alignSimilarity(source, target, { reflection, scale: scaled });
      expect(found.scale).toBeCloseTo(expected.scale, 10);
      expect(worstError(found.rotation, expected.rotation)).toBeLessThan(1e-10);
      expect(worstError(found.translation, expected.translation)).toBeLessThan(1e-10);
      const left = residual(applySimilarity(found, source), target);
      expect(left).toBeCloseTo(expected.residual, 10);
      expect(left).toBeLessThan(expected.leastResidualFound * (1 + 1e-9)); // no general optimiser found less
    },
  );

  it('recovers a known transform exactly', () => {
    const rotation = axisAngleToMatrix([0.4, -2, 1]);
    const source = randomPoints(21);
    const target = transformPoints(
      rotation.map((value) => value * 2.5),
      source,
      [10, -3, 600],
    );
    const found = alignSimilarity(source, target, { reflection: 'forbid' });
    expect(found.scale).toBeCloseTo(2.5, 12);
    expect(worstError(found.rotation, rotation)).toBeLessThan(1e-12);
    expect(worstError(found.translation, [10, -3, 600])).toBeLessThan(1e-12);
  });

  it('fits a mirror image exactly only where a reflection is allowed', () => {
    const source = randomPoints(21);
    const mirrored = source.map((value, i) => (i % 3 === 0 ? -value : value));
    const allowed = alignSimilarity(source, mirrored, { reflection: 'allow' });
    expect(determinant3x3(allowed.rotation)).toBeCloseTo(-1, 12);
    expect(residual(applySimilarity(allowed, source), mirrored)).toBeLessThan(1e-20);
    const forbidden = alignSimilarity(source, mirrored, { reflection: 'forbid' });
    expect(determinant3x3(forbidden.rotation)).toBeCloseTo(1, 12);
    expect(residual(applySimilarity(forbidden, source), mirrored)).toBeGreaterThan(1);
  });

  it.each(['forbid', 'allow'] as const)('gives a proper rotation for points in a plane (%s)', (reflection) => {
    for (let trial = 0; trial < 20; trial++) {
      const flat = randomPoints(8).map((value, i) => (i % 3 === 2 ? 0 : value));
      const anywhere = () => axisAngleToMatrix([rng.normal(), rng.normal(), rng.normal()]);
      const source = transformPoints(anywhere(), flat, [1, 2, 3]);
      const target = transformPoints(anywhere(), flat, [0, 0, 1]);
      const found = alignSimilarity(source, target, { reflection });
      expect(determinant3x3(found.rotation)).toBeCloseTo(1, 12);
      expect(residual(applySimilarity(found, source), target)).toBeLessThan(1e-20);
    }
  });

  it('fits points on a line', () => {
    const source = Float64Array.from({ length: 15 }, (_, i) => Math.floor(i / 3) * [1, 2, -1][i % 3]!);
    const target = transformPoints(axisAngleToMatrix([0, 1.5, 0.3]), source, [5, 5, 5]);
    const found = alignSimilarity(source, target, { reflection: 'forbid' });
    expect(determinant3x3(found.rotation)).toBeCloseTo(1, 12);
    expect(residual(applySimilarity(found, source), target)).toBeLessThan(1e-20);
  });

  it('moves coinciding source points to the centre of the target', () => {
    const target = randomPoints(21);
    const found = alignSimilarity(new Float64Array(63).fill(0.1), target, { reflection: 'forbid' });
    expect(found.scale).toBe(1);
    expect([...found.rotation]).toEqual(IDENTITY);
    const mean = [0, 1, 2].map((axis) => target.filter((_, i) => i % 3 === axis).reduce((a, b) => a + b) / 21);
    expect(worstError(applySimilarity(found, new Float64Array(63).fill(0.1)).slice(0, 3), mean)).toBeLessThan(1e-14);
  });

  it('shrinks the source to a point where all target points coincide', () => {
    const source = randomPoints(5);
    const target = new Float64Array(15).fill(0.7);
    const shrunk = alignSimilarity(source, target, { reflection: 'allow' });
    expect(shrunk.scale).toBe(0);
    expect([...shrunk.rotation]).toEqual(IDENTITY);
    expect(residual(applySimilarity(shrunk, source), target)).toBeLessThan(1e-25);
    expect(alignSimilarity(source, target, { reflection: 'allow', scale: false }).scale).toBe(1);
  });

  it('refuses what cannot be aligned, in one sentence', () => {
    const options = { reflection: 'forbid' } as const;
    expect(() => alignSimilarity(randomPoints(2), randomPoints(2), options)).toThrow(
      'alignSimilarity: expected source and target of the same N >= 3 points, got 2 and 2.',
    );
    expect(() => alignSimilarity(randomPoints(4), randomPoints(5), options)).toThrow('got 4 and 5.');
    expect(() => alignSimilarity([1, 2, 3, 4], randomPoints(5), options)).toThrow(
      'alignSimilarity: expected source as a flat array of N×3 numbers, got 4 numbers.',
    );
    const broken = randomPoints(4);
    broken[7] = NaN;
    expect(() => alignSimilarity(randomPoints(4), broken, options)).toThrow(
      'alignSimilarity: expected finite coordinates, got NaN in target at point 2.',
    );
    expect(() => alignSimilarity(randomPoints(4), randomPoints(4), {} as typeof options)).toThrow(
      "alignSimilarity: expected reflection 'forbid' or 'allow', got undefined.",
    );
  });
});
