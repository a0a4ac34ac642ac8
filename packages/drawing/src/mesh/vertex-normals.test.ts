import { sphere } from '../test-support/meshes.js';
import { vertexNormals } from './vertex-normals.js';

describe('vertexNormals', () => {
  it('points outwards and has unit length on a sphere', () => {
    const center = [1, 2, 3];
    const { vertices, faces } = sphere(2, center, 60, 30);
    const normals = vertexNormals(vertices, faces);
    for (let i = 0; i < normals.length; i += 3) {
      const outwards = [0, 1, 2].reduce((sum, k) => sum + (normals[i + k]! * (vertices[i + k]! - center[k]!)) / 2, 0);
      expect(outwards).toBeGreaterThan(0.998);
      expect(Math.hypot(normals[i]!, normals[i + 1]!, normals[i + 2]!)).toBeCloseTo(1, 12);
    }
  });

  it('weights faces by their area and gives zero to a vertex without faces', () => {
    // a face of area 2 in the plane z = 0 and one of area 1/2 in the plane x = 0, meeting at vertex 0
    const vertices = [0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 1, 9, 9, 9];
    const normals = vertexNormals(vertices, [0, 1, 2, 0, 3, 4]);
    expect(normals[0]! / normals[2]!).toBeCloseTo(0.25, 12);
    expect([...normals.slice(15)]).toEqual([0, 0, 0]);
  });

  it('refuses lengths that do not fit', () => {
    expect(() => vertexNormals([1, 2], [])).toThrow('vertexNormals: expected flat [N, 3] vertices');
  });
});
