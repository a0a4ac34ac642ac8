/**
 * A map of pixels that keeps shapes: u' = k·R(φ)·(u − centre) + centre', pixel centres at integers. It cuts a square
 * window, perhaps turned, out of an image and fills a square output with it.
 */
export interface Similarity {
  /** k·cos φ and k·sin φ, output pixels per pixel. */
  readonly cos: number;
  readonly sin: number;
  /** u' = cos·u − sin·v + x, v' = sin·u + cos·v + y */
  readonly x: number;
  readonly y: number;
  /** Side of the output in pixels. */
  readonly size: number;
}

export interface Window {
  /** Middle of the window in pixels of the image. */
  readonly center: readonly [number, number];
  /** Side in pixels of the image. */
  readonly side: number;
  /** Radians by which what is seen turns, from x to y. */
  readonly angle: number;
}

/** The map from an image to an output of `size` pixels that shows the window. */
export function similarityOf({ center: [u, v], side, angle }: Window, size: number): Similarity {
  const cos = (size / side) * Math.cos(angle);
  const sin = (size / side) * Math.sin(angle);
  const middle = (size - 1) / 2;
  return { cos, sin, x: middle - cos * u + sin * v, y: middle - sin * u - cos * v, size };
}

export function movePoint({ cos, sin, x, y }: Similarity, u: number, v: number): [number, number] {
  return [cos * u - sin * v + x, sin * u + cos * v + y];
}

/** Output pixels per pixel. */
export function scaleOf({ cos, sin }: Similarity): number {
  return Math.hypot(cos, sin);
}
