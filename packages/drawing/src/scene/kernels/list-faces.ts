import type { ListGrid, Span } from '../kernels.js';
import { type SampleProjection, SNAP, writeFacePlanes } from '../screen-vertices.js';
import { LISTED, type WorkspaceArrays } from '../workspace.js';

/** Twice the signed area of snapped corners; rows grow downwards, so what is counter-clockwise to the eye is negative. */
function signedArea(snapped: Int32Array, a: number, b: number, c: number): number {
  const ax = snapped[2 * a]!;
  const ay = snapped[2 * a + 1]!;
  return (snapped[2 * b]! - ax) * (snapped[2 * c + 1]! - ay) - (snapped[2 * b + 1]! - ay) * (snapped[2 * c]! - ax);
}

/**
 * Adds a triangle if it can cover a sample.
 *
 * @param skipped the side that is left out: 1 the inner, 0 the outer, −1 none
 */
export function addTriangle(
  arrays: WorkspaceArrays,
  { columns, rows, bandRows }: ListGrid,
  face: number,
  a: number,
  b: number,
  c: number,
  skipped: number,
): boolean {
  const { snapped, listed, corners, triangleIds, bandStart } = arrays;
  const area = signedArea(snapped, a, b, c);
  if (area === 0) return false;
  const inner = area > 0 ? 1 : 0;
  if (inner === skipped) return false;
  const ax = snapped[2 * a]!;
  const bx = snapped[2 * b]!;
  const cx = snapped[2 * c]!;
  const ay = snapped[2 * a + 1]!;
  const by = snapped[2 * b + 1]!;
  const cy = snapped[2 * c + 1]!;
  const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx) / SNAP));
  const right = Math.min(columns - 1, Math.floor(Math.max(ax, bx, cx) / SNAP));
  const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) / SNAP));
  const bottom = Math.min(rows - 1, Math.floor(Math.max(ay, by, cy) / SNAP));
  if (left > right || top > bottom) return false;
  if (left < listed[LISTED.columnStart]!) listed[LISTED.columnStart] = left;
  if (right >= listed[LISTED.columnEnd]!) listed[LISTED.columnEnd] = right + 1;
  const t = listed[LISTED.triangles]!++;
  corners[3 * t] = a;
  corners[3 * t + 1] = b;
  corners[3 * t + 2] = c;
  triangleIds[t] = face * 2 + inner;
  const lastBand = Math.floor(bottom / bandRows);
  for (let band = Math.floor(top / bandRows); band <= lastBand; band++) bandStart[band + 1]!++;
  return true;
}

/** Adds faces none of which has to be clipped, and writes the planes of those added. */
export function listFaces(
  arrays: WorkspaceArrays,
  { from, to }: Span,
  skipped: number,
  projection: SampleProjection,
  grid: ListGrid,
): void {
  const { faces, positions, planes, nearnessPlanes } = arrays;
  for (let face = from; face < to; face++) {
    const a = faces[3 * face]!;
    const b = faces[3 * face + 1]!;
    const c = faces[3 * face + 2]!;
    if (!addTriangle(arrays, grid, face, a, b, c, skipped)) continue;
    writeFacePlanes(positions, a, b, c, projection, planes, nearnessPlanes, face);
  }
}
