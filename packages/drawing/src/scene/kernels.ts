import type { SampleProjection } from './screen-vertices.js';
import type { WorkspaceArrays } from './workspace.js';

/** The sample grid of a picture, cut into bands of rows. */
export interface ListGrid {
  readonly columns: number;
  readonly rows: number;
  readonly bandRows: number;
}

/** Vertices or faces [from, to). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A block of samples: a band of the picture, or a shadow map. */
export interface SampleGrid {
  /** Samples along a row, and from row to row in memory (a multiple of 4). */
  readonly columns: number;
  readonly stride: number;
  /** First row and the row after the last, in samples of the whole picture. */
  readonly rowStart: number;
  readonly rowEnd: number;
}

/** The pixels of a band. */
export interface PixelBlock {
  readonly width: number;
  readonly antialias: number;
  readonly rowStart: number;
  readonly rowEnd: number;
  /** First column that anything covers and the column after the last. */
  readonly columnStart: number;
  readonly columnEnd: number;
}

/** What lighting needs to know beside the arrays. */
export interface LightCounts {
  readonly lights: number;
  readonly perspective: boolean;
  /** Whether irradiance depends on the normal. */
  readonly harmonics: boolean;
  /** Whether any material is shiny, and any wraps. */
  readonly specular: boolean;
  readonly wrap: boolean;
}

/** How places are looked up in a shadow map: texel = rows of `transform` · (position + normal · offset, 1). */
export interface ShadowLookup {
  /** 3 × 4: column, row, nearness */
  readonly transform: Float32Array;
  readonly size: number;
  readonly softness: number;
  /** In units of length: added to the nearness, and along the normal. */
  readonly bias: number;
  readonly normalOffset: number;
  readonly strength: number;
  /** First texel of the map in `shadowMaps`, and row of `visibility`. */
  readonly mapStart: number;
  readonly row: number;
  /** Fragments whose n·l is not above this get no light anyway: minus the widest wrap of all materials. */
  readonly turnedAway: number;
}

/** The inner loops. Both implementations do the same IEEE operations in the same order, so they give the same bits. */
export interface Kernels {
  readonly name: 'wasm' | 'typescript';
  /** Writes `normals` of a mesh: {@link vertexNormals}. */
  normals(arrays: WorkspaceArrays, vertices: Span, faces: Span): void;
  /** Interleaves positions, normals, colours times `diffuse`, coordinates and uvs of a mesh as `attributes`. */
  gather(
    arrays: WorkspaceArrays,
    vertices: Span,
    diffuse: number,
    has: { normals: boolean; coordinates: boolean; uvs: boolean },
  ): void;
  /** Writes `screen`, `snapped` and `outside`; returns whether any vertex lies outside. */
  project(arrays: WorkspaceArrays, count: number, projection: SampleProjection): boolean;
  /** Appends the faces that can cover a sample to `corners` and `triangleIds`, with their planes. */
  list(arrays: WorkspaceArrays, faces: Span, skipped: number, projection: SampleProjection, grid: ListGrid): void;
  /** Draws the triangles `binned[from … to)` into `nearness` and `visible`. */
  rasterize(arrays: WorkspaceArrays, grid: SampleGrid, from: number, to: number): void;
  /** Draws the first `triangles` of `shadowIds` into a map of `shadowMaps`. */
  rasterizeShadow(arrays: WorkspaceArrays, size: number, mapStart: number, triangles: number): void;
  /** Finds `front` and the fragments of a band; returns their number. */
  collect(arrays: WorkspaceArrays, block: PixelBlock, stride: number): number;
  /** Interpolates the first 18 fields of the fragments, and wrap. */
  interpolate(arrays: WorkspaceArrays, count: number, capacity: number): void;
  /** Writes one row of visibility. */
  shadow(arrays: WorkspaceArrays, count: number, capacity: number, lookup: ShadowLookup): void;
  /** Replaces red, green and blue by the light that reaches the viewer. */
  light(arrays: WorkspaceArrays, count: number, capacity: number, counts: LightCounts): void;
  /** Mixes fragments with the bytes that stand in `pixels`. */
  composite(arrays: WorkspaceArrays, count: number, capacity: number, samplesPerPixel: number): void;
}
