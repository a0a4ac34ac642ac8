import { ConfigError } from '@opposable/tensor-checks';
import { sphere } from '../test-support/meshes.js';
import { boundsOf, fitCamera } from './fit-camera.js';
import { paintDepth, paintIds, paintNormals } from './paint-outputs.js';
import { renderView, turntable } from './render-view.js';
import { turnVertices } from './turn-vertices.js';

describe('fitCamera', () => {
  it('puts the bounds of the points just inside the margins', () => {
    const vertices = [3, 5, 9, 7, 6, 2, 4, 5.5, 1];
    const camera = fitCamera(vertices, { width: 100, height: 60, margin: 0.1 });
    const u = [3, 7].map((x) => camera.translation[0] + camera.scale * x);
    const v = [5, 6].map((y) => camera.translation[1] + camera.scale * y);
    expect(u[0]).toBeCloseTo(9.5, 9); // 10 pixels from the left border, which lies at −0.5
    expect(u[1]).toBeCloseTo(89.5, 9);
    expect((v[0]! + v[1]!) / 2).toBeCloseTo(29.5, 9);
    expect(() => fitCamera([], { width: 1, height: 1 })).toThrow('boundsOf: expected at least one vertex, got none.');
    expect(() => fitCamera([0, 0, NaN], { width: 1, height: 1 })).toThrow(ConfigError);
    expect(boundsOf(vertices).radius).toBeCloseTo(Math.sqrt(4 + 0.25 + 16), 12);
  });
});

describe('turnVertices', () => {
  it('turns the left side away by a yaw of 90°, what is below by a pitch of 90°', () => {
    const axes = [-1, 0, 0, 1, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, -1, 0, 0, 1];
    const near = (turned: Float64Array) => [...turned].map((value) => Math.round(value * 1e9) / 1e9 + 0);
    expect(near(turnVertices(axes, { yaw: 90 })).slice(0, 3)).toEqual([0, 0, 1]);
    expect(near(turnVertices(axes, { pitch: 90 })).slice(9, 12)).toEqual([0, 0, -1]);
  });
});

describe('renderView and turntable', () => {
  const egg = sphere(1, [5, -3, 40]);
  const vertices = Array.from(egg.vertices, (value, i) => (i % 3 === 1 ? value * 2 : value));

  it('fill the picture from every side, whatever the place and unit of the mesh', () => {
    const images = turntable({ ...egg, vertices }, { width: 40, height: 40, views: 3, background: [0, 0, 0] });
    const again = turntable(
      { ...egg, vertices: vertices.map((value) => value * 1000) },
      { width: 40, height: 40, views: 3, background: [0, 0, 0] },
    );
    expect(images).toHaveLength(3);
    images.forEach((image, k) => {
      const rows = Array.from({ length: 40 }, (_, y) => image.data.subarray(y * 120, y * 120 + 120).some((b) => b > 0));
      expect(rows.filter(Boolean).length).toBeGreaterThan(28);
      expect(rows[0]).toBe(false);
      const difference = image.data.map((value, i) => Math.abs(value - again[k]!.data[i]!));
      expect(difference.filter((value) => value > 2).length).toBeLessThan(30);
    });
  });

  it('paint normals, parts and depth', () => {
    const parts = Array.from({ length: vertices.length / 3 }, (_, v) => (vertices[3 * v]! > 5 ? 1 : 2));
    const mesh = { ...egg, vertices, parts };
    const at = (coloring: 'normals' | 'parts' | 'depth', x: number) => {
      const { data } = renderView(mesh, { width: 41, height: 41, coloring, background: [9, 9, 9] });
      return [...data.subarray(3 * (20 * 41 + x), 3 * (20 * 41 + x) + 3)];
    };
    const [r, g, b] = at('normals', 20);
    expect(Math.abs(r! - 128) + Math.abs(g! - 128)).toBeLessThan(12);
    expect(b).toBeGreaterThan(250);
    expect(at('normals', 25)[0]).toBeGreaterThan(160);
    expect(at('parts', 24)).toEqual([214, 69, 65]);
    expect(at('parts', 16)).toEqual([243, 156, 18]);
    expect(at('depth', 20)[0]).toBeGreaterThan(250);
    expect(at('depth', 0)).toEqual([9, 9, 9]);
  });

  it('paint single pixels by their formulas', () => {
    const mask = { width: 2, height: 1, data: Uint8Array.of(255, 0) };
    expect([...paintNormals([1, -1, -1, 0, 0, 0], mask).data]).toEqual([255, 255, 255, 0, 0, 0]);
    expect([...paintIds([16, -1], mask, [1, 2, 3]).data]).toEqual([154, 160, 166, 1, 2, 3]);
    expect([...paintDepth([2, Infinity], mask, [1, 2, 3]).data]).toEqual([255, 255, 255, 1, 2, 3]);
  });
});
