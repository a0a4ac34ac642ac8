import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { PLACE_UNIT } from './map-places.js';

/** A similarity of the 256 frame: pixels to pixels, and by what distances grow. */
export interface PlaceMove {
  readonly scale: number;
  point(this: void, u: number, v: number): readonly [u: number, v: number];
}

/** Pixels of the 256 frame, in which 128 is 0. */
const toPixel = (place: number): number => place * PLACE_UNIT + HAND_PARAMETER_FRAME / 2;
const toPlace = (pixel: number): number => (pixel - HAND_PARAMETER_FRAME / 2) / PLACE_UNIT;

const isInside = (pixel: number): boolean => pixel >= -0.5 && pixel <= HAND_PARAMETER_FRAME - 0.5;

/**
 * What `MapPlaces` would read, nearly, had the image and its heat maps been moved: places move, spreads grow, heights stay. A
 * map whose keypoint leaves the frame is empty.
 *
 * @param places [4 K]: x, y, spreads and heights
 * @param side of the maps, which decides what an empty one gives
 * @param out [4 K], overwritten
 */
export function movePlaces(places: ArrayLike<number>, move: PlaceMove, side: number, out: Float32Array): void {
  const count = places.length / 4;
  const middle = toPlace((HAND_PARAMETER_FRAME - 1) / 2);
  // of two axes, of side points each
  const width = (HAND_PARAMETER_FRAME / side / PLACE_UNIT) * Math.sqrt((side * side - 1) / 6);
  for (let k = 0; k < count; k++) {
    const [u, v] = move.point(toPixel(places[k]!), toPixel(places[count + k]!));
    const seen = isInside(u) && isInside(v);
    out[k] = seen ? toPlace(u) : middle;
    out[count + k] = seen ? toPlace(v) : middle;
    out[2 * count + k] = seen ? places[2 * count + k]! * move.scale : width;
    out[3 * count + k] = seen ? places[3 * count + k]! : 0;
  }
}
