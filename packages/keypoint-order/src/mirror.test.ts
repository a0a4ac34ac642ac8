import { KeypointOrderError } from './errors.js';
import { mirrorAxisAngles, mirrorColumn, mirrorPoints2d, mirrorPoints3d } from './mirror.js';

describe('mirrorPoints2d', () => {
  it('maps the first pixel to the last, and keeps everything but u', () => {
    const points = [
      [0, 5, 2],
      [255, 6, 0],
      [127.5, 7, 1],
    ];
    expect(mirrorPoints2d(points, { width: 256 })).toEqual([
      [255, 5, 2],
      [0, 6, 0],
      [127.5, 7, 1],
    ]);
    expect(points[0]).toEqual([0, 5, 2]);
  });

  it('keeps the original program’s W − u as a named rule', () => {
    expect(mirrorPoints2d([[10, 20]], { width: 640, rule: 'original' })).toEqual([[630, 20]]);
    expect(mirrorColumn(318.47345, 640)).toBeCloseTo(320.52655, 10);
  });

  it('mirrors flat arrays in twos, or in the dimension given', () => {
    expect([...mirrorPoints2d(Float32Array.of(1, 2, 3, 4), { width: 10 })]).toEqual([8, 2, 6, 4]);
    expect(mirrorPoints2d([1, 2, 3, 4, 5, 6], { width: 10, dimension: 3 })).toEqual([8, 2, 3, 5, 5, 6]);
    expect(mirrorPoints2d([], { width: 10 })).toEqual([]);
  });

  it('undoes itself', () => {
    const points = Float64Array.from({ length: 42 }, (_, i) => i * 3.5);
    for (const rule of ['pixel-centers', 'original'] as const) {
      const twice = mirrorPoints2d(mirrorPoints2d(points, { width: 224, rule }), { width: 224, rule });
      expect(twice).toEqual(points);
    }
  });

  it('shows the same picture: the value under a mirrored point is the value that was under the point', () => {
    const row = [3, 1, 4, 1, 5, 9, 2, 6];
    const mirrored = [...row].reverse();
    row.forEach((value, u) => expect(mirrored[mirrorColumn(u, row.length)]).toBe(value));
  });

  it('refuses a width that is not positive, an unknown rule, and ragged points', () => {
    expect(() => mirrorPoints2d([[1, 2]], { width: 0 })).toThrow(
      'mirrorColumn: expected a positive image width in pixels, got 0.',
    );
    expect(() => mirrorColumn(1, NaN)).toThrow(KeypointOrderError);
    expect(() => mirrorColumn(1, 5, 'left' as 'original')).toThrow(
      "mirrorColumn: expected rule 'pixel-centers' or 'original', got 'left'.",
    );
    expect(() => mirrorPoints2d(new Float32Array(3), { width: 5 })).toThrow(
      'mirrorPoints2d: expected N points of 2 coordinates, got 3 numbers.',
    );
  });
});

describe('mirrorPoints3d', () => {
  it('negates x', () => {
    expect(mirrorPoints3d([[1, -2, 3]])).toEqual([[-1, -2, 3]]);
    expect([...mirrorPoints3d(Float64Array.of(1, 2, 3, -4, 5, 6))]).toEqual([-1, 2, 3, 4, 5, 6]);
    expect(() => mirrorPoints3d([[1, 2]])).toThrow(
      'mirrorPoints3d: expected N points of 3 coordinates, got rows of 2 numbers (1 rows).',
    );
  });
});

/** Rotation matrix of an axis-angle vector, by Rodrigues' formula. */
function rotate([x, y, z]: readonly number[], p: readonly number[]): number[] {
  const angle = Math.hypot(x!, y!, z!);
  const [kx, ky, kz] = [x! / angle, y! / angle, z! / angle];
  const dot = kx * p[0]! + ky * p[1]! + kz * p[2]!;
  const cross = [ky * p[2]! - kz * p[1]!, kz * p[0]! - kx * p[2]!, kx * p[1]! - ky * p[0]!];
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [kx, ky, kz].map((k, d) => p[d]! * c + cross[d]! * s + k * dot * (1 - c));
}

describe('mirrorAxisAngles', () => {
  it('keeps x and negates y and z', () => {
    expect(mirrorAxisAngles([0.1, 0.2, 0.3, 1, 2, 3])).toEqual([0.1, -0.2, -0.3, 1, -2, -3]);
    expect(mirrorAxisAngles([0, 0, 0])).toEqual([0, 0, 0]); // not −0
    expect(mirrorAxisAngles([[0.1, 0.2, 0.3]])).toEqual([[0.1, -0.2, -0.3]]);
  });

  it('rotates mirrored points to where the rotated points are mirrored to', () => {
    const pose = [0.7, -1.1, 0.4];
    const point = [0.3, 0.9, -0.5];
    const mirroredAfter = mirrorPoints3d([rotate(pose, point)])[0]!;
    const mirroredBefore = rotate(mirrorAxisAngles(pose), mirrorPoints3d([point])[0]!);
    mirroredAfter.forEach((value, d) => expect(mirroredBefore[d]).toBeCloseTo(value, 12));
  });
});
