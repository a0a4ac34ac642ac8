import { clipPolygon } from './clip-polygon.js';
import type { MeshRange } from './gather-meshes.js';
import { type SampleProjection, SNAP, writeFacePlanes, writeScreenVertex } from './screen-vertices.js';
import type { Workspace, WorkspaceArrays } from './workspace.js';

/** Triangles on the screen, sorted into bands of rows. */
export interface TriangleList {
  /** [bands + 1] where the triangles of each band begin in `binned` */
  readonly bandStart: Int32Array;
  /** First sample column that any triangle may cover, and the column after the last. */
  readonly columnStart: number;
  readonly columnEnd: number;
}

const SKIPPED = { none: -1, front: 0, back: 1 } as const;

/** Twice the signed area of snapped corners; rows grow downwards, so what is counter-clockwise to the eye is negative. */
function signedArea(snapped: Int32Array, a: number, b: number, c: number): number {
  const ax = snapped[2 * a]!;
  const ay = snapped[2 * a + 1]!;
  return (snapped[2 * b]! - ax) * (snapped[2 * c + 1]! - ay) - (snapped[2 * b + 1]! - ay) * (snapped[2 * c]! - ax);
}

/**
 * Lists the triangles to draw in the order of the faces: clipped, culled, those without area or off the picture left out, each in
 * the bands that it touches.
 *
 * @param outside [V] vertices whose faces are clipped; undefined if there are none
 */
export function listTriangles(
  workspace: Workspace,
  ranges: readonly MeshRange[],
  positions: Float64Array,
  outside: Uint8Array | undefined,
  projection: SampleProjection,
  grid: { readonly columns: number; readonly rows: number; readonly bandRows: number },
): TriangleList {
  const last = ranges.at(-1);
  const vertexCount = last === undefined ? 0 : last.vertexStart + last.vertexCount;
  const faceCount = last === undefined ? 0 : last.faceStart + last.faceCount;
  let arrays = workspace.reserve({ corners: faceCount * 3, triangleIds: faceCount });

  const pieces = outside === undefined ? [] : clippedFaces(arrays, faceCount, positions, outside, projection);
  const extraVertices = pieces.reduce((sum, { polygon }) => sum + polygon.length / 3, 0);
  const extraTriangles = pieces.reduce((sum, { polygon }) => sum + polygon.length / 3 - 2, 0);
  if (pieces.length > 0)
    arrays = growForClipping(workspace, arrays, vertexCount + extraVertices, faceCount, extraTriangles);

  const { faces, corners, triangleIds, snapped, planes, nearnessPlanes } = arrays;
  const { columns, rows, bandRows } = grid;
  const bands = Math.ceil(rows / bandRows);
  const counts = new Int32Array(bands + 1);
  let columnStart = columns;
  let columnEnd = 0;
  let triangles = 0;
  let piece = 0;
  let nextVertex = vertexCount;

  /** Adds a triangle if it can cover a sample; the planes of its face are made with the first. */
  const add = (face: number, a: number, b: number, c: number, skipped: number): boolean => {
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
    if (left < columnStart) columnStart = left;
    if (right >= columnEnd) columnEnd = right + 1;
    corners[3 * triangles] = a;
    corners[3 * triangles + 1] = b;
    corners[3 * triangles + 2] = c;
    triangleIds[triangles++] = face * 2 + inner;
    const lastBand = Math.floor(bottom / bandRows);
    for (let band = Math.floor(top / bandRows); band <= lastBand; band++) counts[band + 1]!++;
    return true;
  };

  for (const { mesh, faceStart, faceCount: own } of ranges) {
    const skipped = SKIPPED[mesh.culling ?? 'none'];
    for (let face = faceStart; face < faceStart + own; face++) {
      const a = faces[3 * face]!;
      const b = faces[3 * face + 1]!;
      const c = faces[3 * face + 2]!;
      let added = false;
      if (outside === undefined || outside[a]! + outside[b]! + outside[c]! === 0) {
        added = add(face, a, b, c, skipped);
      } else if (piece < pieces.length && pieces[piece]!.face === face) {
        const { polygon } = pieces[piece++]!;
        const first = nextVertex;
        for (let p = 0; p < polygon.length; p += 3) {
          writeScreenVertex(arrays, nextVertex++, polygon[p]!, polygon[p + 1]!, polygon[p + 2]!);
        }
        for (let v = first + 2; v < nextVertex; v++) added = add(face, first, v - 1, v, skipped) || added;
      }
      if (added) writeFacePlanes(positions, a, b, c, projection, planes, nearnessPlanes, face);
    }
  }

  for (let band = 0; band < bands; band++) counts[band + 1]! += counts[band]!;
  const bandStart = counts.slice();
  const { binned } = workspace.reserve({ binned: bandStart[bands]! });
  const at = counts;
  const { corners: c, snapped: s } = workspace.arrays;
  for (let t = 0; t < triangles; t++) {
    const ay = s[2 * c[3 * t]! + 1]!;
    const by = s[2 * c[3 * t + 1]! + 1]!;
    const cy = s[2 * c[3 * t + 2]! + 1]!;
    const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) / SNAP));
    const bottom = Math.min(rows - 1, Math.floor(Math.max(ay, by, cy) / SNAP));
    const lastBand = Math.floor(bottom / bandRows);
    for (let band = Math.floor(top / bandRows); band <= lastBand; band++) binned[at[band]!++] = t;
  }
  return { bandStart, columnStart, columnEnd };
}

interface ClippedFace {
  readonly face: number;
  /** [P, 3] */
  readonly polygon: readonly number[];
}

function clippedFaces(
  { faces }: WorkspaceArrays,
  faceCount: number,
  positions: Float64Array,
  outside: Uint8Array,
  projection: SampleProjection,
): ClippedFace[] {
  const pieces: ClippedFace[] = [];
  for (let face = 0; face < faceCount; face++) {
    const vertices = [faces[3 * face]!, faces[3 * face + 1]!, faces[3 * face + 2]!];
    if (vertices.every((v) => outside[v] === 0)) continue;
    const corners = vertices.flatMap((v) => [positions[3 * v]!, positions[3 * v + 1]!, positions[3 * v + 2]!]);
    const polygon = clipPolygon(corners, projection);
    if (polygon.length > 0) pieces.push({ face, polygon });
  }
  return pieces;
}

/** Room for what clipping adds; the screen vertices that are there already are kept. */
function growForClipping(
  workspace: Workspace,
  { screen, snapped }: WorkspaceArrays,
  vertices: number,
  faces: number,
  extra: number,
): WorkspaceArrays {
  const kept = { screen: screen.slice(), snapped: snapped.slice() };
  const arrays = workspace.reserve({
    screen: vertices * 3,
    snapped: vertices * 2,
    corners: (faces + extra) * 3,
    triangleIds: faces + extra,
  });
  arrays.screen.set(kept.screen.subarray(0, arrays.screen.length));
  arrays.snapped.set(kept.snapped.subarray(0, arrays.snapped.length));
  return arrays;
}
