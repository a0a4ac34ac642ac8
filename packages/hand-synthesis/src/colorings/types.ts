/** A scan or a registered mesh as its file gives it. */
export interface ColoredMesh {
  /** [N, 3] in the file's own unit */
  readonly vertices: Float64Array;
  /** [F, 3]; polygons cut into triangles; empty for point clouds */
  readonly faces: Uint32Array;
  /** [N, 3] sRGB 0 … 1, where the file has any */
  readonly colors: Float64Array | undefined;
}
