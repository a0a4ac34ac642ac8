/** Plain numbers of a model: float32 as shipped, float64 where exactness is tested. */
export type FloatArray = Float32Array | Float64Array;

/**
 * A model of the SMPL family as plain row-major arrays. V vertices, J joints, S shape coefficients, F faces and
 * P = 9·(J − 1) pose correctives all come from the file, never from a constant. Lengths in metres.
 */
export interface ParametricModel {
  readonly vertexCount: number;
  readonly jointCount: number;
  readonly shapeCount: number;
  /** [V, 3] rest vertices of the mean shape. */
  readonly vTemplate: FloatArray;
  /** [V, 3, S] displacement per unit of each shape coefficient. */
  readonly shapeDirs: FloatArray;
  /** [V, 3, P] displacement per unit of each element of R_1 − I, …, R_{J−1} − I (row-major per matrix). */
  readonly poseDirs: FloatArray;
  /** [J, V] rest joints as combinations of the shaped vertices. */
  readonly jRegressor: FloatArray;
  /** [V, J] skinning weights, rows sum to 1. */
  readonly lbsWeights: FloatArray;
  /** [J] parent of each joint, −1 for the root; a parent stands before its children. */
  readonly parents: Int32Array;
  /** [F, 3] vertex indices of the triangles, counter-clockwise seen from outside. */
  readonly faces: Uint32Array;
}
