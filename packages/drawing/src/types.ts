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

/** A single-channel image of 16 bits per pixel, row-major. */
export interface Gray16Image {
  readonly width: number;
  readonly height: number;
  /** height · width */
  readonly data: Uint16Array;
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

/** Any image of this package: 3 or 1 bytes per pixel, told apart by the length of `data`. */
export type Image = RgbImage | GrayImage;

/** An opaque colour: red, green, blue in 0 … 255, sRGB. */
export type Color = readonly [red: number, green: number, blue: number];

/** A point of an image: x = column, y = row, pixel centres at integers. */
export type Point = readonly [x: number, y: number];
