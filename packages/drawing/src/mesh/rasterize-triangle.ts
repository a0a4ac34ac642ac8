import { SNAP } from './project-to-samples.js';

/** Where the samples are written. */
export interface RasterTarget {
  readonly columns: number;
  readonly rows: number;
  readonly nearness: Float32Array;
  readonly visible: Int32Array;
  /** Skip triangles whose outer side (+1) or inner side (−1) faces the viewer; 0 skips none. */
  readonly skipped: -1 | 0 | 1;
}

/**
 * Writes the samples that a triangle covers and where it is the nearest so far.
 *
 * A sample belongs to the triangle if its centre lies inside, or on a left or top edge. Vertices are snapped, so edge
 * functions are exact integers: of the faces around an edge or a vertex exactly one owns each sample. Of equal depths
 * the face drawn first stays.
 *
 * @param screen [·, SCREEN_STRIDE] flat screen vertices
 * @param a offset of the first corner in `screen`, likewise `b` and `c`
 * @param face index of the face
 */
export function rasterizeTriangle(
  target: RasterTarget,
  screen: Float64Array,
  a: number,
  b: number,
  c: number,
  face: number,
): void {
  const ax = screen[a + 3]!;
  const ay = screen[a + 4]!;
  let bx = screen[b + 3]!;
  let by = screen[b + 4]!;
  let cx = screen[c + 3]!;
  let cy = screen[c + 4]!;
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  if (area === 0) return;
  // rows grow downwards, so a counter-clockwise outline has a negative area
  const inner = area > 0 ? 1 : 0;
  if (target.skipped !== 0 && (target.skipped === 1) === (inner === 0)) return;
  if (inner === 0) {
    let swapped = bx;
    bx = cx;
    cx = swapped;
    swapped = by;
    by = cy;
    cy = swapped;
  }

  const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx) / SNAP));
  const right = Math.min(target.columns - 1, Math.floor(Math.max(ax, bx, cx) / SNAP));
  const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) / SNAP));
  const bottom = Math.min(target.rows - 1, Math.floor(Math.max(ay, by, cy) / SNAP));
  if (left > right || top > bottom) return;

  // nearness as a plane over the unsnapped outline
  const u = screen[a]!;
  const v = screen[a + 1]!;
  const q = screen[a + 2]!;
  const bu = screen[b]! - u;
  const bv = screen[b + 1]! - v;
  const bq = screen[b + 2]! - q;
  const cu = screen[c]! - u;
  const cv = screen[c + 1]! - v;
  const cq = screen[c + 2]! - q;
  const determinant = bu * cv - cu * bv;
  const dqColumn = determinant === 0 ? 0 : (bq * cv - cq * bv) / determinant;
  const dqRow = determinant === 0 ? 0 : (cq * bu - bq * cu) / determinant;
  const farthest = q + Math.min(0, bq, cq); // slivers extrapolate wildly, so stay within the corners
  const nearest = q + Math.max(0, bq, cq);

  const { columns, nearness, visible } = target;
  const id = face * 2 + inner;
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
  for (let row = top; row <= bottom; row++) {
    let eAb = rowAb;
    let eBc = rowBc;
    let eCa = rowCa;
    const rowStart = row * columns;
    const rowNearness = q + (row - v) * dqRow - u * dqColumn;
    for (let column = left; column <= right; column++) {
      if (eAb >= 0 && eBc >= 0 && eCa >= 0) {
        let value = rowNearness + column * dqColumn;
        if (value < farthest) value = farthest;
        else if (value > nearest) value = nearest;
        value = Math.fround(value);
        const index = rowStart + column;
        if (value > nearness[index]!) {
          nearness[index] = value;
          visible[index] = id;
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
