import type { Material, SurfaceShader } from '@opposable/drawing';

/** What a triangle belongs to. */
export type Part = 'hand' | 'forearm' | 'sleeve' | 'jewellery' | 'occluder' | 'second-hand';

/** A mesh with colours, in the frame of the drawn hand: metres, x right, y down, z away. */
export interface PartMesh {
  readonly part: Part;
  /** [N, 3] */
  readonly vertices: Float64Array;
  /** [F, 3], counter-clockwise seen from outside */
  readonly faces: ArrayLike<number>;
  /** [N, 3] linear light */
  readonly colors: Float64Array;
  readonly material?: Material | undefined;
  /** [N, 3] places on the flat right hand, for `surface` */
  readonly coordinates?: Float32Array | undefined;
  readonly surface?: SurfaceShader | undefined;
  /** A mesh without holes, whose inner side nobody sees. Default false. */
  readonly isClosed?: boolean | undefined;
}
