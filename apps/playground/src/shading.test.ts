import { createRng } from '@opposable/tensor-checks';
import { isSeen, shadeGradient, vertexShades } from './shading.js';

/** A sphere of radius 1, its triangles' corners in the order that makes normals point outwards where y is down and z away. */
function sphere(rings: number): { vertices: number[]; faces: number[] } {
  const vertices: number[] = [];
  const faces: number[] = [];
  for (let i = 0; i <= rings; i++) {
    for (let j = 0; j < 2 * rings; j++) {
      const [theta, phi] = [(Math.PI * i) / rings, (Math.PI * j) / rings];
      vertices.push(Math.sin(theta) * Math.cos(phi), Math.cos(theta), Math.sin(theta) * Math.sin(phi));
      const [right, below] = [i * 2 * rings + ((j + 1) % (2 * rings)), 2 * rings];
      const here = i * 2 * rings + j;
      if (i < rings) faces.push(here, right, here + below, right, right + below, here + below);
    }
  }
  return { vertices, faces };
}

describe('vertexShades', () => {
  it('are those of the normals of a sphere', () => {
    const { vertices, faces } = sphere(40);
    const shades = vertexShades(vertices, faces);
    shades.forEach((shade, v) => {
      const z = vertices[3 * v + 2]!;
      expect(Math.abs(shade - (0.45 + 0.55 * Math.max(0, -z)))).toBeLessThan(0.03);
    });
    expect(Math.max(...shades)).toBeGreaterThan(0.999);
  });

  it('are smallest for a vertex without triangles', () => {
    expect([...vertexShades([0, 0, 0], [])]).toEqual([expect.closeTo(0.45, 6)]);
  });
});

describe('isSeen', () => {
  it('holds for the half of a sphere that is before its middle', () => {
    const { vertices, faces } = sphere(20);
    for (let f = 0; f < faces.length; f += 3) {
      const corners = [faces[f]!, faces[f + 1]!, faces[f + 2]!] as const;
      const z = corners.reduce((sum, corner) => sum + vertices[3 * corner + 2]!, 0) / 3;
      if (Math.abs(z) > 0.2) expect([f, isSeen(vertices, ...corners)]).toEqual([f, z < 0]);
    }
  });
});

describe('shadeGradient', () => {
  const random = createRng(4);

  it.each(Array.from({ length: 20 }, (_, i) => [i]))(
    'gives corners and their middle their shades (triangle %i)',
    () => {
      const vertices = Array.from({ length: 9 }, () => 40 * random.uniform());
      const shades = [0, 1, 2].map(() => random.uniform());
      const gradient = shadeGradient(vertices, shades, [0, 1, 2]);
      if (typeof gradient === 'number') throw new Error('the shades differ');
      const { from, to, shades: ends } = gradient;
      const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
      const painted = (x: number, y: number) => {
        const t = ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy); // as a canvas has it
        return ends[0] + (ends[1] - ends[0]) * Math.min(1, Math.max(0, t));
      };
      for (let i = 0; i < 3; i++) expect(painted(vertices[3 * i]!, vertices[3 * i + 1]!)).toBeCloseTo(shades[i]!, 6);
      const middle = (k: number) => (vertices[k]! + vertices[3 + k]! + vertices[6 + k]!) / 3;
      expect(painted(middle(0), middle(1))).toBeCloseTo((shades[0]! + shades[1]! + shades[2]!) / 3, 6);
    },
  );

  it('is the mean where nothing changes, and where the triangle has no area', () => {
    expect(shadeGradient([0, 0, 0, 9, 0, 0, 0, 9, 0], [0.5, 0.5, 0.503], [0, 1, 2])).toBeCloseTo(0.501, 9);
    expect(shadeGradient([0, 0, 0, 4, 4, 0, 8, 8, 0], [0.2, 0.4, 0.9], [0, 1, 2])).toBeCloseTo(0.5, 9);
  });
});
