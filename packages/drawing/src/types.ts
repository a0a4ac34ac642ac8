/** An RGB image: row-major, 3 bytes per pixel, sRGB. Pixel (0, 0) is the top left one, its centre has the coordinates (0, 0). */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** height · width · 3 */
  readonly data: Uint8Array;
}

/** A single-channel image: row-major, 1 byte per pixel. Masks hold 0 … 255 (coverage). */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  /** height · width */
  readonly data: Uint8Array;
}

/** How camera coordinates (x right, y down, z away from the viewer) become pixels. */
export type Camera =
  | {
      /** u = translation[0] + scale · x, v = translation[1] + scale · y */
      readonly kind: 'weak-perspective';
      /** pixels per unit of the vertices */
      readonly scale: number;
      readonly translation: readonly [number, number];
    }
  | {
      /** u = (k0·x + k1·y)/z + k2, v = k4·y/z + k5 */
      readonly kind: 'perspective';
      /** 3 × 3, row-major */
      readonly intrinsics: ArrayLike<number>;
    };
