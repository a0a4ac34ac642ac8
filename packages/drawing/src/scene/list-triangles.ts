import { clipPolygon } from './clip-polygon.js';
import type { MeshRange } from './gather-meshes.js';
import type { Kernels, ListGrid } from './kernels.js';
import { addTriangle } from './kernels/list-faces.js';
import { type SampleProjection, SNAP, writeFacePlanes, writeScreenVertex } from './screen-vertices.js';
import { LISTED, type Workspace, type WorkspaceArrays } from './workspace.js';

/** Triangles on the screen, sorted into bands of rows. */
export interface TriangleList {
  /** [bands + 1] where the triangles of each band begin in `binned` */
  readonly bandStart: Int32Array;
  /** First sample column that any triangle may cover, and the column after the last. */
  readonly columnStart: number;
  readonly columnEnd: number;
}

const SKIPPED = { none: -1, front: 0, back: 1 } as const;

/**
 * Lists the triangles to draw in the order of the faces: clipped, culled, those without area or off the picture left out, each in
 * the bands that it touches.
 *
 * @param clips whether any vertex is `outside`
 */
export function listTriangles(
  workspace: Workspace,
  kernels: Kernels,
  ranges: readonly MeshRange[],
  clips: boolean,
  projection: SampleProjection,
  grid: ListGrid,
): TriangleList {
  const { rows, bandRows, columns } = grid;
  const bands = Math.ceil(rows / bandRows);
  const last = ranges.at(-1);
  const faceCount = last === undefined ? 0 : last.faceStart + last.faceCount;
  let arrays = workspace.reserve({ corners: faceCount * 3, triangleIds: faceCount, listed: 3, bandStart: bands + 1 });
  arrays.listed[LISTED.columnStart] = columns;
  arrays.listed[LISTED.columnEnd] = 0;
  arrays.listed[LISTED.triangles] = 0;
  arrays.bandStart.fill(0, 0, bands + 1);
  if (clips) listClipped(workspace, ranges, projection, grid);
  else {
    for (const { mesh, faceStart, faceCount: own } of ranges) {
      const skipped = SKIPPED[mesh.culling ?? 'none'];
      kernels.list(arrays, { from: faceStart, to: faceStart + own }, skipped, projection, grid);
    }
  }
  arrays = workspace.arrays;
  for (let band = 0; band < bands; band++) arrays.bandStart[band + 1]! += arrays.bandStart[band]!;
  const bandStart = arrays.bandStart.slice(0, bands + 1);
  arrays = workspace.reserve({ binned: bandStart[bands]! });
  const triangles = arrays.listed[LISTED.triangles]!;
  if (bands === 1) for (let t = 0; t < triangles; t++) arrays.binned[t] = t;
  else binTriangles(arrays, triangles, bandStart.slice(), grid);
  return {
    bandStart,
    columnStart: arrays.listed[LISTED.columnStart]!,
    columnEnd: arrays.listed[LISTED.columnEnd]!,
  };
}

/** Lists faces some of which are clipped; the planes of a face are made with its first piece. */
function listClipped(
  workspace: Workspace,
  ranges: readonly MeshRange[],
  projection: SampleProjection,
  grid: ListGrid,
): void {
  const last = ranges.at(-1)!;
  const vertexCount = last.vertexStart + last.vertexCount;
  const faceCount = last.faceStart + last.faceCount;
  const pieces = clippedFaces(workspace.arrays, faceCount, projection);
  const extraVertices = pieces.reduce((sum, { polygon }) => sum + polygon.length / 3, 0);
  const extraTriangles = pieces.reduce((sum, { polygon }) => sum + polygon.length / 3 - 2, 0);
  growForClipping(workspace, vertexCount, vertexCount + extraVertices, faceCount + extraTriangles);
  const { arrays } = workspace;
  const { faces, outside, positions, planes, nearnessPlanes } = arrays;
  let piece = 0;
  let nextVertex = vertexCount;
  for (const { mesh, faceStart, faceCount: own } of ranges) {
    const skipped = SKIPPED[mesh.culling ?? 'none'];
    for (let face = faceStart; face < faceStart + own; face++) {
      const a = faces[3 * face]!;
      const b = faces[3 * face + 1]!;
      const c = faces[3 * face + 2]!;
      let added = false;
      if (outside[a]! + outside[b]! + outside[c]! === 0) {
        added = addTriangle(arrays, grid, face, a, b, c, skipped);
      } else if (piece < pieces.length && pieces[piece]!.face === face) {
        const { polygon } = pieces[piece++]!;
        const first = nextVertex;
        for (let p = 0; p < polygon.length; p += 3) {
          writeScreenVertex(arrays, nextVertex++, polygon[p]!, polygon[p + 1]!, polygon[p + 2]!);
        }
        for (let v = first + 2; v < nextVertex; v++) {
          added = addTriangle(arrays, grid, face, first, v - 1, v, skipped) || added;
        }
      }
      if (added) writeFacePlanes(positions, a, b, c, projection, planes, nearnessPlanes, face);
    }
  }
}

/** Sorts the triangles into the bands that they touch; `at` holds where each band begins and is moved on. */
function binTriangles(
  { corners, snapped, binned }: WorkspaceArrays,
  triangles: number,
  at: Int32Array,
  { rows, bandRows }: ListGrid,
): void {
  for (let t = 0; t < triangles; t++) {
    const ay = snapped[2 * corners[3 * t]! + 1]!;
    const by = snapped[2 * corners[3 * t + 1]! + 1]!;
    const cy = snapped[2 * corners[3 * t + 2]! + 1]!;
    const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) / SNAP));
    const bottom = Math.min(rows - 1, Math.floor(Math.max(ay, by, cy) / SNAP));
    const lastBand = Math.floor(bottom / bandRows);
    for (let band = Math.floor(top / bandRows); band <= lastBand; band++) binned[at[band]!++] = t;
  }
}

interface ClippedFace {
  readonly face: number;
  /** [P, 3] */
  readonly polygon: readonly number[];
}

function clippedFaces(
  { faces, outside, positions }: WorkspaceArrays,
  faceCount: number,
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
function growForClipping(workspace: Workspace, kept: number, vertices: number, triangles: number): void {
  const screen = workspace.arrays.screen.slice(0, kept * 3);
  const snapped = workspace.arrays.snapped.slice(0, kept * 2);
  const arrays = workspace.reserve({
    screen: vertices * 3,
    snapped: vertices * 2,
    corners: triangles * 3,
    triangleIds: triangles,
  });
  arrays.screen.set(screen);
  arrays.snapped.set(snapped);
}
