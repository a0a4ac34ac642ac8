import { readAsset } from './read-asset.js';

/** What lies on the surface of the open hand, besides its shape; the same for both sides. */
export interface HandSurface {
  /**
   * Vertices around the flat end of the mesh at the wrist, one after the other, counter-clockwise seen from the elbow on
   * the right hand (clockwise on the left): where a forearm is joined.
   */
  readonly wristLoop: Uint16Array;
  /** [V] 0, or 1 … 5 on the nail of the index, middle, little, ring finger and thumb. */
  readonly nails: Uint8Array;
  /** Texture coordinates: the mesh cut open along seams, without overlaps. */
  readonly texture: {
    /** [T] vertex of each texture vertex */
    readonly vertices: Uint16Array;
    /** [F, 3] texture vertices of the right hand's triangles, in their order */
    readonly faces: Uint16Array;
    /** [T, 2] u to the right and v downwards, 0 … 1 */
    readonly coordinates: Float32Array;
  };
}

let surface: HandSurface | undefined;

/**
 * Nails, wrist and texture coordinates of the open hand. The same object on every call; its arrays are not to be written to.
 *
 * @example
 * openHandSurface().wristLoop.length; // → 20
 */
export function openHandSurface(): HandSurface {
  if (surface !== undefined) return surface;
  const { wristLoop, nails, textureVertices, textureFaces, textureSteps } = readAsset();
  surface = {
    wristLoop,
    nails,
    texture: {
      vertices: textureVertices,
      faces: textureFaces,
      coordinates: Float32Array.from(textureSteps).map((steps) => steps / 65535),
    },
  };
  return surface;
}
