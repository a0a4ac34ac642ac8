/**
 * The nearest point of a cloud for every query, by a grid of cells about as many as there are points: cells are looked
 * at in growing shells until no nearer point can come.
 */
export interface NearestPoints {
  /** index of the nearest point of each query; of equal distances the smallest index */
  readonly indices: Uint32Array;
  /** distances, in the unit of the points */
  readonly distances: Float64Array;
}

/**
 * @param points [N, 3], N at least 1
 * @param queries [M, 3]
 */
export function nearestPoints(points: ArrayLike<number>, queries: ArrayLike<number>): NearestPoints {
  const count = points.length / 3;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i++) {
    low[i % 3] = Math.min(low[i % 3]!, points[i]!);
    high[i % 3] = Math.max(high[i % 3]!, points[i]!);
  }
  const extents = [0, 1, 2].map((k) => high[k]! - low[k]!);
  const longest = Math.max(...extents, 1e-12);
  // surfaces fill about the square of the cells along a side
  const side = longest / Math.max(1, Math.ceil(Math.sqrt(count / 2)));
  const cells = extents.map((extent) => Math.max(1, Math.min(512, Math.ceil(extent / side)))) as [
    number,
    number,
    number,
  ];
  const size = extents.map((extent, k) => Math.max(extent / cells[k]!, 1e-12));
  const smallest = Math.min(...size);
  const cellOf = (value: number, k: number): number =>
    Math.min(cells[k]! - 1, Math.max(0, Math.floor((value - low[k]!) / size[k]!)));
  const starts = new Uint32Array(cells[0] * cells[1] * cells[2] + 1);
  const cellAt = (x: number, y: number, z: number): number => (x * cells[1] + y) * cells[2] + z;
  const own = Uint32Array.from({ length: count }, (_, i) =>
    cellAt(cellOf(points[3 * i]!, 0), cellOf(points[3 * i + 1]!, 1), cellOf(points[3 * i + 2]!, 2)),
  );
  for (const cell of own) starts[cell + 1]!++;
  for (let cell = 1; cell < starts.length; cell++) starts[cell]! += starts[cell - 1]!;
  const order = new Uint32Array(count);
  const filled = starts.slice();
  own.forEach((cell, i) => (order[filled[cell]!++] = i));

  const indices = new Uint32Array(queries.length / 3);
  const distances = new Float64Array(queries.length / 3);
  const widest = Math.max(...cells);
  for (let q = 0; q < indices.length; q++) {
    const [x, y, z] = [queries[3 * q]!, queries[3 * q + 1]!, queries[3 * q + 2]!];
    const [cx, cy, cz] = [cellOf(x, 0), cellOf(y, 1), cellOf(z, 2)];
    let best = Infinity;
    let index = 0;
    // a query outside of the grid lies farther from every cell than one inside
    for (let shell = 0; shell <= widest; shell++) {
      const reach = (shell - 1) * smallest;
      if (shell > 1 && reach * reach > best) break;
      for (let a = Math.max(0, cx - shell); a <= Math.min(cells[0] - 1, cx + shell); a++) {
        for (let b = Math.max(0, cy - shell); b <= Math.min(cells[1] - 1, cy + shell); b++) {
          const isFace = Math.abs(a - cx) === shell || Math.abs(b - cy) === shell;
          const step = isFace || shell === 0 ? 1 : 2 * shell;
          for (let c = cz - shell; c <= cz + shell; c += step) {
            if (c < 0 || c >= cells[2]) continue;
            const cell = cellAt(a, b, c);
            for (let at = starts[cell]!; at < starts[cell + 1]!; at++) {
              const i = order[at]!;
              const [dx, dy, dz] = [points[3 * i]! - x, points[3 * i + 1]! - y, points[3 * i + 2]! - z];
              const squared = dx * dx + dy * dy + dz * dz;
              if (squared < best || (squared === best && i < index)) [best, index] = [squared, i];
            }
          }
        }
      }
    }
    indices[q] = index;
    distances[q] = Math.sqrt(best);
  }
  return { indices, distances };
}
