/** A triangle mesh in the camera frame: x right, y down, z away from the viewer. */
export interface Mesh {
  /** [N, 3] flat, in any one unit of length */
  readonly vertices: ArrayLike<number>;
  /** [F, 3] flat vertex indices, counter-clockwise seen from outside */
  readonly faces: ArrayLike<number>;
  /** [N, 3] flat, 0 … 1; default a light grey */
  readonly colors?: ArrayLike<number> | undefined;
  /** What the colours are given in. Default 'srgb'. */
  readonly colorSpace?: 'srgb' | 'linear' | undefined;
  /** [N, 3] flat unit normals pointing outwards; default {@link vertexNormals} */
  readonly normals?: ArrayLike<number> | undefined;
}

/** Strength of light in linear units: one number for white light, or red, green, blue. */
export type Intensity = number | readonly [red: number, green: number, blue: number];
