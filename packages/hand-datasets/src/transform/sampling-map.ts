/**
 * Which source position an output pixel shows. 'half-pixel' (exact, default): both images are areas of pixels,
 * u = x − 0.5 + (u' + 0.5)·width/outputWidth. 'corners' (3dhand): u = x + u'·width/(outputWidth − 1), the first and the
 * last pixel stand at the window's ends.
 */
export type Sampling = 'half-pixel' | 'corners';

/**
 * The map u' = scale · u + offset from source to output pixels along one axis.
 *
 * @param start first pixel of the window
 * @param extent of the window in pixels
 * @param outputSize pixels of the output
 */
export function samplingMap(
  start: number,
  extent: number,
  outputSize: number,
  sampling: Sampling,
): { readonly scale: number; readonly offset: number } {
  if (sampling === 'corners') {
    const scale = (outputSize - 1) / extent;
    return { scale, offset: -start * scale };
  }
  const scale = outputSize / extent;
  return { scale, offset: (0.5 - start) * scale - 0.5 };
}
