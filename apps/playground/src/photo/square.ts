/** A square of a picture, in whole pixels of the picture. */
export interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

interface Extent {
  readonly width: number;
  readonly height: number;
}

/** A hand of fewer pixels is a guess. */
export const SMALLEST_SIDE = 16;

/** The nearest square in whole pixels that lies inside of a picture. */
export function inside({ x, y, side }: Square, { width, height }: Extent): Square {
  const shorter = Math.min(width, height);
  const kept = Math.round(Math.min(shorter, Math.max(Math.min(SMALLEST_SIDE, shorter), side)));
  const along = (start: number, length: number): number => Math.round(Math.min(length - kept, Math.max(0, start)));
  return { x: along(x, width), y: along(y, height), side: kept };
}

/** The largest square in the middle of a picture. */
export function middle({ width, height }: Extent): Square {
  const side = Math.min(width, height);
  return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), side };
}

/** The square with another side about the same centre. */
export function sized({ x, y, side }: Square, wanted: number): Square {
  return { x: x + (side - wanted) / 2, y: y + (side - wanted) / 2, side: wanted };
}

/** The square that two opposite corners span, from the first towards the second, as large as the longer way between them. */
export function spanned([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]): Square {
  const side = Math.max(Math.abs(bx - ax), Math.abs(by - ay));
  return { x: bx < ax ? ax - side : ax, y: by < ay ? ay - side : ay, side };
}
