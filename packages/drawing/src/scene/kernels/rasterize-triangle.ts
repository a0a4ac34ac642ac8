import { SNAP } from '../screen-vertices.js';
import type { SampleGrid } from '../kernels.js';

/** Where samples are written; without `visible` the depth alone. */
export interface RasterTarget extends SampleGrid {
  /** First sample of the grid in `nearness`. */
  readonly offset: number;
  readonly nearness: Float32Array;
  readonly visible: Int32Array | undefined;
}

export interface RasterSource {
  readonly screen: Float64Array;
  readonly snapped: Int32Array;
  /** [F, 3] nearness as a plane */
  readonly planes: Float64Array;
}

const { ceil, floor, fround, max, min } = Math;

/**
 * Writes the samples that a triangle covers and where it is the nearest so far.
 *
 * A sample belongs to the triangle if its centre lies inside, or on a left or top edge. Vertices are snapped, so edge functions
 * are exact integers: of the faces around an edge or a vertex exactly one owns each sample. Of equal depths the face drawn first
 * stays. Nearness is q(aligned column, row) in float64, stepped in float32 from a column that is a multiple of four: what four
 * lanes of the native kernel do.
 *
 * @param a first corner, a screen vertex, likewise `b` and `c`
 * @param id face · 2 + (1 where the inner side is seen)
 */
export function rasterizeTriangle(
  target: RasterTarget,
  source: RasterSource,
  a: number,
  b: number,
  c: number,
  id: number,
): void {
  const { screen, snapped, planes } = source;
  if ((id & 1) === 0) {
    const swapped = b;
    b = c;
    c = swapped;
  }
  const ax = snapped[2 * a]!;
  const ay = snapped[2 * a + 1]!;
  const bx = snapped[2 * b]!;
  const by = snapped[2 * b + 1]!;
  const cx = snapped[2 * c]!;
  const cy = snapped[2 * c + 1]!;

  const left = max(0, ceil(min(ax, bx, cx) / SNAP));
  const right = min(target.columns - 1, floor(max(ax, bx, cx) / SNAP));
  const top = max(target.rowStart, ceil(min(ay, by, cy) / SNAP));
  const bottom = min(target.rowEnd - 1, floor(max(ay, by, cy) / SNAP));
  if (left > right || top > bottom) return;

  const qa = screen[3 * a + 2]!;
  const qb = screen[3 * b + 2]!;
  const qc = screen[3 * c + 2]!;
  const farthest = fround(min(qa, qb, qc)); // slivers extrapolate wildly, so stay within the corners
  const nearest = fround(max(qa, qb, qc));
  const face = id >> 1;
  const q0 = planes[3 * face]!;
  const qColumn = planes[3 * face + 1]!;
  const qRow = planes[3 * face + 2]!;
  const step = fround(qColumn);

  const { stride, rowStart, offset, nearness, visible } = target;
  const abx = bx - ax;
  const aby = by - ay;
  const bcx = cx - bx;
  const bcy = cy - by;
  const cax = ax - cx;
  const cay = ay - cy;
  const x = left * SNAP;
  const y = top * SNAP;
  let rowAb = abx * (y - ay) - aby * (x - ax) - (aby < 0 || (aby === 0 && abx > 0) ? 0 : 1);
  let rowBc = bcx * (y - by) - bcy * (x - bx) - (bcy < 0 || (bcy === 0 && bcx > 0) ? 0 : 1);
  let rowCa = cax * (y - cy) - cay * (x - cx) - (cay < 0 || (cay === 0 && cax > 0) ? 0 : 1);
  const stepAb = -aby * SNAP;
  const stepBc = -bcy * SNAP;
  const stepCa = -cay * SNAP;
  const aligned = left & ~3;
  for (let row = top; row <= bottom; row++) {
    let eAb = rowAb;
    let eBc = rowBc;
    let eCa = rowCa;
    const line = offset + (row - rowStart) * stride;
    const start = fround(q0 + aligned * qColumn + row * qRow);
    for (let column = left; column <= right; column++) {
      if (eAb >= 0 && eBc >= 0 && eCa >= 0) {
        let q = fround(start + fround(step * (column - aligned)));
        if (q < farthest) q = farthest;
        else if (q > nearest) q = nearest;
        if (q > nearness[line + column]!) {
          nearness[line + column] = q;
          if (visible !== undefined) visible[line + column] = id;
        }
      }
      eAb += stepAb;
      eBc += stepBc;
      eCa += stepCa;
    }
    rowAb += abx * SNAP;
    rowBc += bcx * SNAP;
    rowCa += cax * SNAP;
  }
}
