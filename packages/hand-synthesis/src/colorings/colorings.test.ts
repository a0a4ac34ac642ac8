import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { nearestPoints } from './nearest-points.js';
import { parseObj } from './parse-obj.js';
import { parsePly } from './parse-ply.js';
import { COLORING_COUNT, proceduralColorings } from './procedural-colorings.js';
import { transferColors } from './transfer-colors.js';

describe('nearestPoints', () => {
  it.each([1, 2, 7, 400])('finds the nearest of %d points, as a search of all does', (count) => {
    const rng = createRng(count);
    const flat = (n: number, spread: number) =>
      Float64Array.from({ length: 3 * n }, (_, i) => (i % 3 === 2 ? 0.1 : spread) * rng.uniform(-1, 1));
    const points = flat(count, 1);
    const queries = flat(300, 1.6); // also outside
    const { indices, distances } = nearestPoints(points, queries);
    for (let q = 0; q < 300; q++) {
      let [best, index] = [Infinity, -1];
      for (let i = 0; i < count; i++) {
        const d = Math.hypot(...[0, 1, 2].map((k) => points[3 * i + k]! - queries[3 * q + k]!));
        if (d < best) [best, index] = [d, i];
      }
      expect(indices[q]).toBe(index);
      expect(distances[q]).toBeCloseTo(best, 12);
    }
  });
});

describe('parseObj', () => {
  it('reads colours behind the coordinates, and cuts polygons', () => {
    const text =
      '# scan\nv 0 0 0 255 0 51\nv 1 0 0 0 255 0\nv 1 1 0 0 0 255\nv 0 1 0 1 1 1\nvn 0 0 1\nf 1//1 2//1 3//1 -1//1\n';
    const { vertices, colors, faces } = parseObj(text);
    expect([...vertices]).toEqual([0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0]);
    expect([...colors!.slice(0, 3)]).toEqual([1, 0, 0.2]);
    expect([...faces]).toEqual([0, 1, 2, 0, 2, 3]);
    expect(parseObj('v 0 0 0\n').colors).toBeUndefined();
  });

  it('says in which line something is wrong', () => {
    expect(() => parseObj('v 0 0 0\nv 0 zero 0')).toThrow("parseObj: line 2: expected finite numbers, got 'zero'.");
    expect(() => parseObj('v 0 0 0\nf 1 2 3')).toThrow('a face names vertex 2 of 1');
    expect(() => parseObj('v 0 0 0 1 1 1\nv 0 0 0')).toThrow('1 of 2 vertices have colours');
    expect(() => parseObj('')).toThrow('expected at least one vertex');
  });
});

describe('parsePly', () => {
  const header = (format: string) =>
    `ply\nformat ${format} 1.0\ncomment made by hand\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\nproperty uchar red\nproperty uchar green\nproperty uchar blue\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n`;
  const rows = [
    [0, 0, 0, 255, 0, 0],
    [1.5, 0, 0, 0, 255, 0],
    [0, -2, 0.25, 0, 0, 51],
  ];
  const expected = (mesh: ReturnType<typeof parsePly>) => {
    expect([...mesh.vertices]).toEqual(rows.flatMap((row) => row.slice(0, 3)));
    expect([...mesh.colors!]).toEqual(rows.flatMap((row) => row.slice(3).map((value) => value / 255)));
    expect([...mesh.faces]).toEqual([0, 1, 2]);
  };

  it('reads text', () => {
    const text = `${header('ascii')}${rows.map((row) => row.join(' ')).join('\n')}\n3 0 1 2\n`;
    expected(parsePly(new TextEncoder().encode(text)));
  });

  it.each([true, false])('reads binary, little endian %s', (little) => {
    const head = new TextEncoder().encode(header(little ? 'binary_little_endian' : 'binary_big_endian'));
    const bytes = new Uint8Array(head.length + 3 * 15 + 13);
    bytes.set(head);
    const view = new DataView(bytes.buffer, head.length);
    rows.forEach((row, i) => {
      for (let k = 0; k < 3; k++) view.setFloat32(15 * i + 4 * k, row[k]!, little);
      for (let k = 3; k < 6; k++) view.setUint8(15 * i + 9 + k, row[k]!);
    });
    view.setUint8(45, 3);
    for (let k = 0; k < 3; k++) view.setInt32(46 + 4 * k, k, little);
    expected(parsePly(bytes));
    expect(() => parsePly(bytes.subarray(0, bytes.length - 2))).toThrow('the file ends before its last row');
  });

  it('refuses what is no PLY, and promises that the file does not keep', () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    expect(() => parsePly(bytes('solid cube'))).toThrow('expected a header from ply to end_header');
    const huge = header('binary_little_endian').replace('vertex 3', 'vertex 4000000000');
    expect(() => parsePly(bytes(huge))).toThrow('4000000000 rows of vertex are more than the file holds');
    expect(() => parsePly(bytes(header('vax')))).toThrow("got 'vax'");
  });
});

describe('transferColors', () => {
  it('gives every vertex the colour of the nearest scanned one', () => {
    const scan = { vertices: [0, 0, 0, 10, 0, 0], colors: [1, 0, 0, 0, 1, 0] };
    const { colors, distances } = transferColors(scan, [1, 0, 0, 8, 0, 0]);
    expect([...colors]).toEqual([1, 0, 0, 0, 1, 0]);
    expect([...distances]).toEqual([1, 2]);
    expect(() => transferColors({ vertices: [0, 0, 0], colors: [] }, [])).toThrow('as many colors as vertices');
  });
});

describe('proceduralColorings', () => {
  it('is a set of 27, the same every time, of different skins', () => {
    const colorings = proceduralColorings(loadOpenHand('right'));
    expect(colorings).toHaveLength(COLORING_COUNT);
    expect(colorings.every((coloring) => coloring.length === 3 * 1159)).toBe(true);
    const means = colorings.map((coloring) => coloring.reduce((sum, value) => sum + value / coloring.length, 0));
    expect(Math.max(...means) - Math.min(...means)).toBeGreaterThan(0.3);
    expect(colorings.every((coloring) => coloring.every((value) => value >= 0 && value <= 1))).toBe(true);
  });
});
