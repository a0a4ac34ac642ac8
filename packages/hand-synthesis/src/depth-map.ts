import type { DepthMap } from '@opposable/hand-datasets';

/** Tenths of a millimetre in a metre. */
const STEPS = 10_000;
const LARGEST = 65_535;
/** Middle of the range of a map, millimetres. */
const MIDDLE = 3276;

/**
 * z of surfaces in 16 bits: tenths of a millimetre from an offset on, 1 … 65535; 0 where there is none. The offset is 0 for
 * hands nearer than 3.276 m; of those farther away the map holds what lies within that distance of the hand, cut to its ends.
 *
 * @param surface [size · size] metres, Infinity for nothing
 * @param shift metres from the surface's frame to the camera's along z
 * @param handDepth z of the hand in the camera's frame, millimetres
 */
export function depthMap(surface: Float32Array, size: number, shift: number, handDepth: number): DepthMap {
  const offset = Math.max(0, Math.round(handDepth) - MIDDLE);
  const start = (shift - offset / 1000) * STEPS;
  const data = Uint16Array.from(surface, (z) =>
    z === Infinity ? 0 : Math.min(LARGEST, Math.max(1, Math.round(z * STEPS + start))),
  );
  return { width: size, height: size, data, offset };
}
